// Any bytes -> rewrite(): whatever is edited, the rest stays, and readers find the same report in
// it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lib/report/read.h"
#include "lib/rewrite.h"

namespace {

using plainbounce::Edit;
using plainbounce::Report;

void require(bool condition) {
  if (!condition) std::abort();
}

const plainbounce::Resources& resources() {
  static const plainbounce::Resources kResources{plainbounce::Knowledge::load(),
                                                 plainbounce::Wording::load()};
  return kResources;
}

// The body after the edit is the one before it, but for the edit.
void check_bytes(std::string_view before, std::string_view after, const Edit& edit) {
  const std::string_view tail = before.substr(edit.offset + edit.length);
  require(after.ends_with(tail));
  require(after.substr(0, after.size() - tail.size()).ends_with(edit.replacement));
  for (const char c : edit.replacement) require(static_cast<unsigned char>(c) < 0x80);
}

void check_meaning(const Report& before, const Report& after) {
  require(after.is_delivery_report);
  require(after.has_mark);
  require(after.boundary == before.boundary);
  require(after.recipients.size() == before.recipients.size());
  for (std::size_t i = 0; i < before.recipients.size(); ++i) {
    require(after.recipients[i].final_recipient == before.recipients[i].final_recipient);
    require(after.recipients[i].diagnostic == before.recipients[i].diagnostic);
  }
  require(after.returned == before.returned);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const plainbounce::Rewrite result =
      plainbounce::rewrite(message, {}, plainbounce::Policy::defaults(), {}, resources());
  if (!result.edit) return 0;
  const std::string after = plainbounce::apply_edit(message, *result.edit);
  check_bytes(message, after, *result.edit);
  check_meaning(result.report, plainbounce::read_report(after));
  return 0;
}
