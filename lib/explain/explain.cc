#include "lib/explain/explain.h"

#include <fmt/format.h>

#include "lib/explain/code_meaning.h"
#include "lib/explain/explain_code.h"
#include "lib/explain/nearest_code.h"
#include "lib/notice/compose.h"
#include "lib/notice/compose_admin.h"
#include "lib/notice/display.h"
#include "lib/notice/layout_text.h"
#include "lib/notice/speaker.h"

namespace plainbounce {
namespace {

// A code may mean something else at many providers; more than these confuse.
constexpr std::size_t kMaxMeanings = 12;

// Is the whole text what only looks like a code? One without a meaning may still tell its class.
bool is_no_code(const Reply& reply) {
  const int reply_class = reply.code / 100;
  return !reply.status && (reply_class < 2 || reply_class > 5) && resembles_code(reply.text);
}

ReplyNature nature_of(const RecipientDiagnosis& diagnosis, const Knowledge& knowledge) {
  const ReplyCodeEntry* const row = knowledge.codes().reply_code(diagnosis.reply.code);
  if (row != nullptr && row->kind == ReplyKind::kClient) return ReplyNature::kClient;
  if (row == nullptr && is_no_code(diagnosis.reply)) return ReplyNature::kNoCode;
  const int status_class = diagnosis.status ? diagnosis.status->status_class : 0;
  switch (diagnosis.reply.code == 0 ? status_class : diagnosis.reply.code / 100) {
    case 2:
      return ReplyNature::kSuccess;
    case 3:
      return ReplyNature::kIntermediate;
    default:
      return ReplyNature::kFailure;
  }
}

void explain_reply_code(int code, const Knowledge& knowledge, const Speaker& speaker,
                        std::vector<std::string>& lines) {
  if (code == 0) return;
  const ReplyCodeEntry* const row = knowledge.codes().reply_code(code);
  lines.push_back(row == nullptr ? say_unknown(fmt::format("{:03}", code), speaker)
                                 : say_meaning(*row, speaker));
}

// Some tables write reply codes with dots ("5.0.3" for 503); no enhanced code then has that number.
void explain_dotted(const EnhancedStatus& status, const Knowledge& knowledge,
                    const Speaker& speaker, std::vector<std::string>& lines) {
  const int digits = status.status_class * 100 + status.subject * 10 + status.detail;
  const bool fits = status.subject < 10 && status.detail < 10;
  if (!fits || knowledge.codes().reply_code(digits) == nullptr) {
    lines.push_back(say_unknown(to_string(status), speaker));
    return;
  }
  lines.push_back(speaker.say(
      "explain.dotted", {{"status", to_string(status)}, {"code", fmt::format("{}", digits)}}));
  explain_reply_code(digits, knowledge, speaker, lines);
}

// The general meaning and, unless the provider is known, those of everyone who has another.
void explain_status(const EnhancedStatus& status, std::string_view provider_id,
                    const Knowledge& knowledge, const Speaker& speaker,
                    std::vector<std::string>& lines) {
  const std::string code = to_string(status);
  const auto rows = provider_id.empty() ? knowledge.codes().all_meanings(status)
                                        : knowledge.codes().status_code(status, provider_id);
  if (rows.empty()) explain_dotted(status, knowledge, speaker, lines);
  for (const StatusCodeEntry* const row : rows) {
    if (lines.size() >= kMaxMeanings) return;
    lines.push_back(say_meaning(*row, code, knowledge, speaker));
  }
}

std::vector<std::string> explain_codes(const RecipientDiagnosis& diagnosis,
                                       const Knowledge& knowledge, const Speaker& speaker) {
  std::vector<std::string> lines;
  explain_reply_code(diagnosis.reply.code, knowledge, speaker, lines);
  if (diagnosis.status) {
    explain_status(*diagnosis.status, diagnosis.facts.provider, knowledge, speaker, lines);
  } else if (const auto undotted = CodeTables::undotted(diagnosis.reply.code)) {
    lines.push_back(speaker.say(
        "explain.undotted",
        {{"code", fmt::format("{}", diagnosis.reply.code)}, {"status", to_string(*undotted)}}));
  }
  return lines;
}

}  // namespace

Explanation explain(const RecipientDiagnosis& diagnosis, const Knowledge& knowledge,
                    const Catalogue& catalogue, std::string_view language) {
  const Speaker speaker(catalogue.messages(language), catalogue.messages("en"));
  const Report no_report;
  const Diagnosis only{{diagnosis}};
  const House no_house;
  const Sources sources{no_report, only, knowledge, no_house, speaker};

  Explanation explanation;
  explanation.nature = nature_of(diagnosis, knowledge);
  ExplanationContent content;
  if (explanation.nature == ReplyNature::kNoCode) {
    say_no_code(diagnosis.reply.text, knowledge, speaker, content);
    explanation.text = lay_out_explanation(content, catalogue.explain_template(), speaker);
    return explanation;
  }
  content.codes = explain_codes(diagnosis, knowledge, speaker);
  content.note = speaker.say(fmt::format("explain.{}", id_of(explanation.nature)));
  if (explanation.nature == ReplyNature::kFailure || explanation.nature == ReplyNature::kClient) {
    NoticeContent notice;
    const std::vector<RecipientGroup> groups = group_recipients(only, knowledge.causes());
    compose_groups(groups, sources, notice);
    compose_admin(groups, sources, notice);
    content.groups = std::move(notice.groups);
    content.admin = std::move(notice.admin);
  }
  explanation.text = lay_out_explanation(content, catalogue.explain_template(), speaker);
  return explanation;
}

}  // namespace plainbounce
