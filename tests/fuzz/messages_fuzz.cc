// Any bytes as a message file of the administrator's: what is wrong with it is said with file and
// line; what is taken writes notices that are text and keep markup out.
#include "lib/base/text.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/notice/write.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

constexpr const char* kName = "own.toml";

// Takes less time than a whole catalogue, and most files are refused.
bool is_taken(const std::string& file, std::string_view toml) {
  if (ascii_lower(Messages::language_of(file, toml)) == "en") {
    Messages english = resources().catalogue.messages("en");
    english.overlay(file, toml);
  } else {
    Messages::parse(file, toml);
  }
  return true;
}

void check_notices(const Catalogue& catalogue, const std::string& language) {
  static const Diagnosis kDiagnosis = diagnose(bounce_report(), resources().knowledge);
  House house;
  house.language = language;
  const Notice notice =
      write_notice(bounce_report(), kDiagnosis, resources().knowledge, catalogue, house);
  for (const std::string& text : {notice.subject, notice.text, notice.html}) {
    require(valid_utf8(text) == text);
  }
  require(notice.subject.find_first_of("\r\n") == std::string::npos);
  require(notice.html.find(kMarkup) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static OwnFolder folder;
  const std::string toml(text_of(data, size));
  const std::string file = folder.path_of(kName);
  try {
    is_taken(file, toml);
    Catalogue catalogue = resources().catalogue;
    catalogue.add_messages(folder.with(kName, toml));
    check_notices(catalogue, "en");
    check_notices(catalogue, Messages::language_of(file, toml));
  } catch (const DataError& error) {
    const std::string_view what = error.what();
    // A tag that ICU doesn't know is told of by the list of languages.
    require(names_place(what, file) || what.starts_with("notice/messages: meta.language: "));
  }
  return 0;
}
