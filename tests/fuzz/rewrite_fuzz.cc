// Any bytes -> rewrite(): whatever is edited, the rest stays, and readers find the same report in
// it. The last two bytes also choose the policy and the house's style.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

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
                                                 plainbounce::Catalogue::load()};
  return kResources;
}

struct Choices {
  plainbounce::Policy policy = plainbounce::Policy::defaults();
  plainbounce::House house;
};

// They stay part of the message, so that every message is a seed.
Choices choose(std::string_view message) {
  const auto byte = [&](std::size_t from_end) {
    return from_end > message.size()
               ? 0U
               : static_cast<unsigned char>(message[message.size() - from_end]);
  };
  const unsigned flags = byte(1);
  const std::vector<std::string> languages = resources().catalogue.languages();
  Choices choices;
  if ((flags & 1U) == 0) choices.policy.other_bounces = plainbounce::OtherBounces::kExplain;
  if ((flags & 2U) == 0) choices.policy.rewrite_signed = true;
  if ((flags & 4U) != 0) choices.policy.subject_mode = plainbounce::SubjectMode::kKeep;
  choices.house.language = languages[byte(2) % languages.size()];
  if ((flags & 8U) != 0) {
    choices.house.second_language = languages[byte(2) / languages.size() % languages.size()];
  }
  if ((flags & 16U) != 0) choices.house.signature = "-- \n{{#x}} <b>Gr\u00FC\u00DFe</b>\n.\n--b";
  if ((flags & 32U) != 0) {
    choices.house.help_name = "Hilfe & \u202E<Rat>";
    choices.house.help_email = "help@example.org";
    choices.house.help_url = "https://help.example.org/?a=b&c=\"d\"";
  }
  if ((flags & 64U) != 0) {
    choices.house.extra["recipient-unknown"] = "Ask {recipient} in {{room}} 7.";
    choices.house.organisation = std::string(100, '-');
  }
  return choices;
}

// The body after the edit is the one before it, but for the edit.
void check_bytes(std::string_view before, std::string_view after, const Edit& edit) {
  const std::string_view tail = before.substr(edit.offset + edit.length);
  require(after.ends_with(tail));
  require(after.substr(0, after.size() - tail.size()).ends_with(edit.replacement));
}

// A bounce that is no report only gets something put in, and is known for done by its mark.
void check_insertion(std::string_view after, const Edit& edit, const Choices& choices) {
  require(edit.length == 0);
  require(edit.headers.size() == 1);
  require(edit.headers.front().kind == plainbounce::HeaderChange::Kind::kAdd);
  require(plainbounce::read_report(after, resources().knowledge.stock_phrases()).has_mark);
  require(!plainbounce::rewrite(after, {}, choices.policy, choices.house, resources()).edit);
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
  const Choices choices = choose(message);
  const plainbounce::Rewrite result =
      plainbounce::rewrite(message, {}, choices.policy, choices.house, resources());
  if (!result.edit) return 0;
  const std::string after = plainbounce::apply_edit(message, *result.edit);
  check_bytes(message, after, *result.edit);
  if (!result.report.is_delivery_report) {
    check_insertion(after, *result.edit, choices);
    return 0;
  }
  for (const char c : result.edit->replacement) require(static_cast<unsigned char>(c) < 0x80);
  check_meaning(result.report,
                plainbounce::read_report(after, resources().knowledge.stock_phrases()));
  return 0;
}
