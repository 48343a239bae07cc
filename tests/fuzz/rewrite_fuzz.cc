// Any bytes -> rewrite(): whatever is edited, the rest stays, and readers find the same report in
// it. The last two bytes also choose the policy and the house's style.
//
// Writing the notice takes most of the time. One message in eight gets its own; into the others a
// prepared one is put, so that reading and splicing see many times as many.
#include "lib/base/fnv.h"
#include "lib/report/read.h"
#include "lib/splice/insert.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

struct Choices {
  Policy policy = Policy::defaults();
  House house;
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
  if ((flags & 1U) == 0) choices.policy.other_bounces = OtherBounces::kExplain;
  if ((flags & 2U) == 0) choices.policy.rewrite_signed = true;
  if ((flags & 4U) != 0) choices.policy.subject_mode = SubjectMode::kKeep;
  choices.house.language = languages[byte(2) % languages.size()];
  if ((flags & 8U) != 0) {
    choices.house.second_language = languages[byte(2) / languages.size() % languages.size()];
  }
  if ((flags & 16U) != 0) choices.house.signature = "-- \n{{#x}} <b>Gr\u00FC\u00DFe</b>\n.\n--b";
  if ((flags & 32U) != 0) {
    choices.house.help_name = "Hilfe & \u202E<Rat>";
    choices.house.help_email = "help@example.org";
    choices.policy.reply_to = ReplyTo::kHelpDesk;
    choices.house.help_url = "https://help.example.org/?a=b&c=\"d\"";
  }
  if ((flags & 64U) != 0) {
    choices.house.extra["recipient-unknown"] = "Ask {recipient} in {{room}} 7.";
    choices.house.organisation = std::string(100, '-');
  }
  return choices;
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

bool gets_its_own_notice(std::string_view message) {
  Fnv1a hash;
  hash.add(message);
  return hash.value() % 8 == 0;
}

const Notice& prepared_notice() {
  static const Notice kNotice{.language = "en",
                              .subject = "Not delivered: \u201CNoon\u201D",
                              .reply_to = "help@example.org",
                              .text =
                                  "Not delivered\n=============\n\n--b\n.\nFrom here on: "
                                  "gr\u00FC\u00DFe\n" +
                                  std::string(90, '-') + "\n",
                              .html =
                                  "<!DOCTYPE html>\n<p>Not delivered gr\u00FC\u00DFe</p>\n"
                                  "</html>\n"};
  return kNotice;
}

// rewrite(), but for what is judged and written.
Rewrite splice_prepared(std::string_view message, const Policy& policy) {
  Rewrite result;
  result.report = read_report(message, resources().knowledge.stock_phrases());
  const Report& report = result.report;
  const Notice& notice = prepared_notice();
  if (report.has_mark) return result;
  if (report.is_delivery_report && report.notification.range.length > 0) {
    result.edit = plan_edit(message, report, notice, policy.subject_mode, version()).edit;
  } else if (report.kind == MessageKind::kOtherBounce && !report.is_event) {
    result.edit = plan_insertion(message, report, notice, version()).edit;
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message = text_of(data, size);
  const Choices choices = choose(message);
  Rewrite result;
  {
    const CostBound bound(size);
    result = gets_its_own_notice(message)
                 ? rewrite(message, {}, choices.policy, choices.house, resources())
                 : splice_prepared(message, choices.policy);
  }
  if (!result.edit) return 0;
  const std::string after = apply_edit(message, *result.edit);
  check_bytes(message, after, *result.edit);
  check_headers(*result.edit);
  if (!result.report.is_delivery_report) {
    check_insertion(after, *result.edit, choices.policy, choices.house);
    return 0;
  }
  require(is_ascii(result.edit->replacement));
  check_meaning(result.report, read_report(after, resources().knowledge.stock_phrases()));
  return 0;
}
