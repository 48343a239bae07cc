// Any bytes as each of the house's templates: what is wrong with it is said with file and line;
// what is taken lays notices out, and escapes what strangers wrote.
#include "lib/diagnosis/diagnose.h"
#include "lib/notice/write.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

void check_notices(const Catalogue& catalogue, std::string_view layout) {
  static const Diagnosis kDiagnosis = diagnose(bounce_report(), resources().knowledge);
  const Knowledge& knowledge = resources().knowledge;
  const Notice notice = write_notice(bounce_report(), kDiagnosis, knowledge, catalogue, {});
  const bool is_the_templates = layout.find("q7z") != std::string_view::npos;
  require(is_the_templates || notice.html.find(kMarkup) == std::string::npos);
  require(notice.subject.find_first_of("\r\n") == std::string::npos);
  write_preface(bounce_report(), kDiagnosis, knowledge, catalogue, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static OwnFolder folder;
  const std::string_view layout = text_of(data, size);
  for (const char* name : {"notice.html.mustache", "notice.txt.mustache", "preface.txt.mustache"}) {
    try {
      static Catalogue catalogue = resources().catalogue;
      catalogue.replace_templates(folder.with(name, layout));
      check_notices(catalogue, layout);
      catalogue = resources().catalogue;
    } catch (const DataError& error) {
      require(names_place(error.what(), folder.path_of(name)));
    }
  }
  return 0;
}
