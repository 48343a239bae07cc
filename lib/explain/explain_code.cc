#include "lib/explain/explain_code.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "lib/explain/code_meaning.h"
#include "lib/explain/nearest_code.h"
#include "lib/notice/display.h"
#include "lib/notice/layout_text.h"
#include "lib/notice/speaker.h"
#include "lib/notice/wrap.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxAsked = 20;

struct Line {
  std::string code;
  std::string meaning;
  std::string_view cause;
};

std::string_view cause_or_dash(const std::optional<Cause>& cause) {
  return cause ? id_of(*cause) : "-";
}

std::vector<Line> lines_of(const CodeRows& rows, const Knowledge& knowledge) {
  std::vector<Line> lines;
  for (const ReplyCodeEntry* const row : rows.replies) {
    lines.push_back({fmt::format("{:03}", row->code), row->meaning, cause_or_dash(row->cause)});
  }
  for (const StatusCodeEntry* const row : rows.statuses) {
    const Provider* const provider = knowledge.providers().by_id(row->provider);
    const std::string meaning =
        provider == nullptr ? row->meaning : fmt::format("{}: {}", provider->name, row->meaning);
    lines.push_back({row->code(), meaning, cause_or_dash(row->cause)});
  }
  return lines;
}

std::string padded(const std::string& text, int width) {
  return text + std::string(static_cast<std::size_t>(width - display_width(text)), ' ');
}

// A reply code that may be an enhanced one without its dots, or the other way round.
std::string note_on_dots(std::string_view asked, const CodeRows& rows, const Speaker& speaker) {
  if (rows.replies.size() != 1) return {};
  const std::string code = fmt::format("{:03}", rows.replies.front()->code);
  if (asked.find('.') != std::string_view::npos) {
    return speaker.say("explain.dotted", {{"status", std::string(asked)}, {"code", code}});
  }
  const auto status = CodeTables::undotted(rows.replies.front()->code);
  if (!status) return {};
  return speaker.say("explain.undotted", {{"code", code}, {"status", to_string(*status)}});
}

// `code`: as the status codes are to be written; empty: as in the table ("X.1.1").
void say_rows(const CodeRows& rows, const std::string& code, const Knowledge& knowledge,
              const Speaker& speaker, std::vector<CodeMeaning>& meanings) {
  for (const ReplyCodeEntry* const row : rows.replies) {
    meanings.push_back({say_meaning(*row, speaker), say_cause(*row, speaker)});
  }
  for (const StatusCodeEntry* const row : rows.statuses) {
    const std::string shown = code.empty() ? row->code() : code;
    meanings.push_back({say_meaning(*row, shown, knowledge, speaker), say_cause(*row, speaker)});
  }
}

}  // namespace

std::string list_codes(const CodeRows& rows, const Knowledge& knowledge) {
  const std::vector<Line> lines = lines_of(rows, knowledge);
  int code_width = 0;
  int meaning_width = 0;
  for (const Line& line : lines) {
    code_width = std::max(code_width, display_width(line.code));
    meaning_width = std::max(meaning_width, display_width(line.meaning));
  }
  std::string text;
  for (const Line& line : lines) {
    fmt::format_to(std::back_inserter(text), "{}  {}  {}\n", padded(line.code, code_width),
                   padded(line.meaning, meaning_width), line.cause);
  }
  return text;
}

void say_no_code(std::string_view asked, const Knowledge& knowledge, const Speaker& speaker,
                 ExplanationContent& content) {
  const std::string shown = visible(asked, kMaxAsked);
  const auto pattern = CodePattern::parse(asked);
  const bool has_form = pattern && pattern->is_exact() && pattern->find(knowledge.codes()).empty();
  content.codes.push_back(has_form ? say_unknown(shown, speaker)
                                   : speaker.say("explain.no_code", {{"code", shown}}));
  const auto nearest = nearest_code(asked, knowledge.codes());
  if (!nearest) return;
  content.codes.push_back(speaker.say("explain.nearest", {{"code", nearest->code}}));
  say_rows(nearest->rows, nearest->code, knowledge, speaker, content.meanings);
}

std::string explain_code(std::string_view asked, const CodeRows& rows, const Knowledge& knowledge,
                         const Catalogue& catalogue, std::string_view language) {
  const Speaker speaker(catalogue.messages(language), catalogue.messages("en"));
  ExplanationContent content;
  if (rows.empty()) {
    say_no_code(asked, knowledge, speaker, content);
  } else if (const std::string note = note_on_dots(asked, rows, speaker); !note.empty()) {
    content.codes.push_back(note);
  }
  say_rows(rows, "", knowledge, speaker, content.meanings);
  const std::vector<std::string> related = related_codes(rows, knowledge.codes());
  if (!related.empty()) {
    content.related =
        speaker.say("explain.related", {{"codes", fmt::format("{}", fmt::join(related, ", "))}});
  }
  return lay_out_explanation(content, catalogue.explain_template(), speaker);
}

}  // namespace plainbounce
