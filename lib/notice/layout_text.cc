#include "lib/notice/layout_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <utility>

#include "lib/notice/compose.h"
#include "lib/notice/display.h"
#include "lib/notice/wrap.h"

namespace plainbounce {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;

// Where a value is empty the key stays absent: Mustache takes an empty string for true.
void put(data& target, const char* key, const std::string& value) {
  if (!value.empty()) target.set(key, value);
}

// A heading with a line below it.
void put_heading(data& target, const char* key, const std::string& heading, char underline) {
  if (heading.empty()) return;
  const std::string wrapped = wrap(heading);
  int width = 0;
  for (std::size_t begin = 0; begin <= wrapped.size();) {
    const std::size_t end = std::min(wrapped.find('\n', begin), wrapped.size());
    width = std::max(width, display_width(std::string_view(wrapped).substr(begin, end - begin)));
    begin = end + 1;
  }
  target.set(key, fmt::format("{}\n{}", wrapped, std::string(width, underline)));
}

void put_label(data& target, const Speaker& speaker, const char* name) {
  put_heading(target, fmt::format("label_{}", name).c_str(),
              speaker.say(fmt::format("label.{}", name)), '-');
}

std::string with_note(const PathStop& stop, const Speaker& speaker) {
  if (stop.note.empty()) return stop.name;
  return speaker.say("format.note", {{"name", stop.name}, {"note", stop.note}});
}

list bullets(const std::vector<std::string>& items, bool numbered) {
  list result;
  int number = 1;
  for (const std::string& item : items) {
    const std::string mark = numbered ? fmt::format("{}. ", number++) : "- ";
    data entry;
    entry.set("line", wrap(item, mark, std::string(mark.size(), ' ')));
    result.push_back(entry);
  }
  return result;
}

std::string field_label(const std::string& label, const Speaker& speaker) {
  return speaker.say("format.field", {{"label", label}});
}

// "Label:  value", the values below one another.
list fields(const std::vector<LabelledLine>& lines, std::string_view indent,
            const Speaker& speaker) {
  int width = 0;
  std::vector<std::string> labels;
  for (const LabelledLine& line : lines) {
    labels.push_back(field_label(line.label, speaker));
    width = std::max(width, display_width(labels.back()));
  }
  list result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const int gap = width - display_width(labels[i]) + 2;
    // A line's end closes what is isolated, so each line opens it anew.
    const bool rtl = speaker.messages().right_to_left();
    const std::string_view isolate = rtl ? "\u2068" : "";
    const int indentation = display_width(indent) + width + 2;
    const std::string first =
        fmt::format("{}{}{}{}", indent, labels[i], std::string(gap, ' '), isolate);
    data entry;
    entry.set("line", wrap(lines[i].value, first,
                           fmt::format("{}{}", std::string(indentation, ' '), isolate)));
    result.push_back(entry);
  }
  return result;
}

void put_list(data& target, const char* key, const list& items) {
  if (!items.empty()) target.set(key, items);
}

std::string mark_of(PathMark mark) {
  switch (mark) {
    case PathMark::kPassed:
      return "\u2713 ";
    case PathMark::kStopped:
      return "\u2717 ";
    case PathMark::kWaiting:
      return "\u2026 ";
    case PathMark::kNone:
      break;
  }
  return {};
}

std::string path_line(const GroupContent& group, const Speaker& speaker) {
  std::string line;
  for (const PathStop& stop : group.path) {
    if (!line.empty()) line += fmt::format(" {} ", speaker.say("format.arrow"));
    line += mark_of(stop.mark) + with_note(stop, speaker);
  }
  return wrap(line);
}

// The table of several recipients, for narrow lines: what became of them, who, and the move.
list rows(const std::vector<SummaryRow>& summary, const Speaker& speaker) {
  list result;
  for (const SummaryRow& row : summary) {
    std::string lines = wrap(row.fate_and_reason, mark_of(row.mark), "  ");
    for (const std::string& address : row.addresses) lines += "\n" + wrap(address, "    ", "    ");
    const std::string more = compose_more(row.count, row.addresses.size(), speaker);
    if (!more.empty()) lines += "\n" + wrap(more, "    ", "    ");
    if (row.mark != PathMark::kPassed) {
      const std::string label = field_label(speaker.say("label.move"), speaker);
      lines += "\n" + wrap(fmt::format("{} {}", label, row.move), "  ", "  ");
    }
    result.push_back(data("line", lines + "\n"));
  }
  return result;
}

// Blank lines between who has to act, what is to be done and what is better left, but none below
// the heading.
data advice_data(const Advice& advice, const Speaker& speaker) {
  data result;
  const std::string_view label = advice.is_success ? "label.steps_done" : "label.steps";
  put_heading(result, "label_steps", advice.heading.empty() ? speaker.say(label) : advice.heading,
              '-');
  if (!advice.turn.empty()) {
    result.set("turn", wrap(advice.turn) + (advice.steps.empty() ? "" : "\n"));
  }
  put_list(result, "steps", bullets(advice.steps, advice.steps.size() > 1));
  bool first = advice.turn.empty() && advice.steps.empty();
  for (const auto& [key, text] : {std::pair{"avoid", &advice.avoid}, {"extra", &advice.extra}}) {
    if (text->empty()) continue;
    result.set(key, (first ? "" : "\n") + wrap(*text));
    first = false;
  }
  return result;
}

list advice_list(const std::vector<Advice>& all, const Speaker& speaker) {
  list result;
  for (const Advice& advice : all) {
    if (!advice.empty()) result.push_back(advice_data(advice, speaker));
  }
  return result;
}

data group_data(const GroupContent& group, const Speaker& speaker) {
  data result;
  put(result, "heading", wrap(group.heading));
  result.set("path", path_line(group, speaker));
  put(result, "what", wrap(group.what));
  if (!group.quote.empty()) {
    result.set("quote", wrap(without_links(group.quote), "> ", "> "));
    result.set("label_quote", wrap(field_label(group.quote_label, speaker)));
  }
  put_list(result, "advice", advice_list({group.advice}, speaker));
  put_label(result, speaker, "what_happened");
  return result;
}

data entry_data(const AdminEntry& entry, const Speaker& speaker) {
  data result;
  result.set("address", wrap(entry.address, "* ", "  "));
  put_list(result, "lines", fields(entry.lines, "  ", speaker));
  if (!entry.reply.empty()) {
    result.set("label_reply", field_label(speaker.say("label.reply"), speaker));
    result.set("reply", wrap(without_links(entry.reply), "  > ", "  > "));
  }
  return result;
}

data admin_data(const AdminGroup& group, const Speaker& speaker) {
  data result;
  const std::string check = speaker.say(
      "format.check", {{"label", speaker.say("label.check")}, {"advice", group.advice}});
  put(result, "advice", wrap(check));
  put_list(result, "more", bullets(group.more, false));
  list entries;
  for (const AdminEntry& entry : group.entries) entries.push_back(entry_data(entry, speaker));
  put_list(result, "entries", entries);
  return result;
}

void put_help(data& target, const HelpDesk& help, const Speaker& speaker) {
  if (help.line.empty()) return;
  target.set("help", true);
  target.set("help_line", wrap(help.line));
  std::vector<LabelledLine> ways;
  if (!help.email.empty()) ways.push_back({speaker.say("label.email"), help.email});
  if (!help.phone.empty()) ways.push_back({speaker.say("label.phone"), help.phone});
  list lines = fields(ways, "", speaker);
  for (const std::string& url : help.urls) lines.push_back(data("line", url));  // never broken
  put_list(target, "help_ways", lines);
}

// No blank lines at the start and the end, and no two in a row.
std::string keep_single_blanks(const std::string& text) {
  std::string result;
  std::size_t line_ends = 2;
  for (const char c : text) {
    line_ends = c == '\n' ? line_ends + 1 : 0;
    if (line_ends <= 2) result += c;
  }
  while (result.ends_with("\n\n")) result.pop_back();
  return result;
}

// Lines of a right-to-left notice start with a mark that says so, whatever letter comes first; but
// not what a server said.
std::string mark_direction(const std::string& text) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    const std::size_t start = line.find_first_not_of(' ');
    const bool ours = start != std::string_view::npos && line[start] != '\n' && line[start] != '>';
    if (ours) result.append("\u200F");
    result.append(line);
    begin = end;
  }
  return result;
}

std::string render(const std::string& layout, const data& root, const Speaker& speaker) {
  mustache renderer(layout);
  renderer.set_custom_escape([](const std::string& text) { return text; });
  const std::string text = keep_single_blanks(renderer.render(root));
  return speaker.messages().right_to_left() ? mark_direction(text) : text;
}

void put_groups(data& root, const NoticeContent& content, const Speaker& speaker) {
  put_list(root, "summary", rows(content.summary, speaker));
  put(root, "more_groups", wrap(content.more_groups));
  put_list(root, "advice", advice_list(content.advice, speaker));
  root.set("several", !content.summary.empty() && !content.groups.empty());
  // One group's addresses stand above its advice; of several, the table has them.
  list addresses;
  list groups;
  for (const GroupContent& group : content.groups) {
    for (const data& line : bullets(group.addresses, false)) addresses.push_back(line);
    if (!group.more_addresses.empty()) {
      for (const data& line : bullets({group.more_addresses}, false)) addresses.push_back(line);
    }
    groups.push_back(group_data(group, speaker));
  }
  put_list(root, "addresses", addresses);
  root.set("has_addresses", !addresses.empty());
  put_list(root, "groups", groups);
}

}  // namespace

std::string lay_out_text(const NoticeContent& content, const std::string& layout,
                         const Speaker& speaker, const std::string& below) {
  data root;
  put(root, "below", wrap(below));
  const bool is_short = !content.short_headline.empty();
  put_heading(root, "headline", is_short ? content.short_headline : content.headline, '=');
  put(root, "to", wrap(content.short_to));
  put_groups(root, content, speaker);

  put_list(root, "message", fields(content.message, "", speaker));
  put(root, "about", wrap(content.about));
  root.set("has_message", !content.message.empty() || !content.about.empty());
  put_list(root, "forged", bullets(content.forged, false));
  root.set("has_forged", !content.forged.empty());
  put_help(root, content.help, speaker);
  list signature;
  for (const std::string& line : content.signature) signature.push_back(data("line", wrap(line)));
  put_list(root, "signature", signature);
  root.set("has_signature", !content.signature.empty());
  put(root, "admin_intro", wrap(content.admin_intro));
  put_list(root, "admin_message", fields(content.admin_message, "", speaker));
  list admin;
  for (const AdminGroup& group : content.admin) admin.push_back(admin_data(group, speaker));
  put_list(root, "admin", admin);
  if (content.omitted_recipients > 0) {
    const auto count = static_cast<std::int64_t>(content.omitted_recipients);
    root.set("omitted", wrap(speaker.say("admin.more_recipients", {{"count", count}})));
  }
  root.set("has_original", !content.original.empty());
  put(root, "original_intro", speaker.say("admin.original_intro"));
  for (const char* name :
       {"what_happened", "your_message", "forged", "contact", "admin", "original"}) {
    put_label(root, speaker, name);
  }
  std::string text = render(layout, root, speaker);
  if (!text.empty() && !content.original.empty()) text += "\n" + content.original;
  return text;
}

std::string lay_out_explanation(const ExplanationContent& content, const std::string& layout,
                                const Speaker& speaker) {
  data root;
  list codes;
  for (const std::string& code : content.codes) {
    data entry;
    entry.set("line", wrap(code));
    codes.push_back(entry);
  }
  put_list(root, "codes", codes);
  list meanings;
  for (const CodeMeaning& meaning : content.meanings) {
    data entry;
    put(entry, "meaning", wrap(meaning.meaning));
    put(entry, "suggests", wrap(meaning.suggests));
    meanings.push_back(entry);
  }
  put_list(root, "meanings", meanings);
  put(root, "related", wrap(content.related));
  put(root, "note", wrap(content.note));
  list groups;
  for (const GroupContent& group : content.groups) groups.push_back(group_data(group, speaker));
  put_list(root, "groups", groups);
  list admin;
  for (const AdminGroup& group : content.admin) admin.push_back(admin_data(group, speaker));
  put_list(root, "admin", admin);
  put_label(root, speaker, "admin");
  return render(layout, root, speaker);
}

}  // namespace plainbounce
