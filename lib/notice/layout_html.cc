#include "lib/notice/layout_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>

#include "lib/notice/compose.h"
#include "lib/notice/display.h"

namespace plainbounce {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;

// How much of a large report the HTML tells; the text form and the attached report hold the rest.
struct Budget {
  std::size_t entry_bytes;  // of the administrator's entries, in all
  std::size_t full_groups;  // of more there is only the heading
  std::size_t addresses;    // in a row of the table
};
// From the first on, the largest that keeps the whole below kMaxHtml is taken; the last in any
// case.
constexpr std::array<Budget, 5> kBudgets = {
    {{12 * 1024, 8, 20}, {6 * 1024, 8, 10}, {3 * 1024, 4, 5}, {0, 3, 3}, {0, 1, 2}}};
constexpr std::size_t kMaxHtml = 30000;

// Where a value is empty the key stays absent: Mustache takes an empty string for true.
void put(data& target, const char* key, const std::string& value) {
  if (!value.empty()) target.set(key, value);
}

list texts(const std::vector<std::string>& items) {
  list result;
  for (const std::string& item : items) result.push_back(data("text", item));
  return result;
}

std::string field_label(const std::string& label, const Speaker& speaker) {
  return speaker.say("format.field", {{"label", label}});
}

list fields(const std::vector<LabelledLine>& lines, const Speaker& speaker) {
  list result;
  for (const LabelledLine& line : lines) {
    data field;
    field.set("label", field_label(line.label, speaker));
    // What is isolated item by item runs as the page does: a <bdi> around it would run as its first
    // letter outside of all isolates, and there is none.
    const bool isolated = line.value.starts_with("\u2068");
    field.set(isolated ? "list" : "value", line.value);
    field.set("next", !result.empty());
    result.push_back(field);
  }
  return result;
}

void put_list(data& target, const char* key, const char* has_key, const list& items) {
  target.set(key, items);
  target.set(has_key, !items.empty());
}

void put_mark(data& target, PathMark mark) {
  target.set("passed", mark == PathMark::kPassed);
  target.set("stopped", mark == PathMark::kStopped);
  target.set("waiting", mark == PathMark::kWaiting);
  target.set("not_reached", mark == PathMark::kNone);
}

data stop_data(const PathStop& stop, bool first, const Speaker& speaker) {
  data result;
  if (!first) result.set("arrow", speaker.say("format.arrow"));
  result.set("name", stop.note.empty()
                         ? stop.name
                         : speaker.say("format.note", {{"name", stop.name}, {"note", stop.note}}));
  put_mark(result, stop.mark);
  return result;
}

// An address may break behind its name, where a cell is narrow.
list address_lines(const std::vector<std::string>& addresses, const std::string& more) {
  list result;
  for (const std::string& address : addresses) {
    const std::size_t at = std::min(address.find('@'), address.size());
    data line("text", address.substr(0, at));
    put(line, "domain", address.substr(at));
    result.push_back(line);
  }
  if (!more.empty()) result.push_back(data("text", more));
  return result;
}

data row_data(const SummaryRow& row, const Budget& budget, const Speaker& speaker) {
  data result;
  std::vector<std::string> addresses = row.addresses;
  addresses.resize(std::min(addresses.size(), budget.addresses));
  result.set("addresses",
             address_lines(addresses, compose_more(row.count, addresses.size(), speaker)));
  put_mark(result, row.mark);
  result.set("fate", row.fate);
  put(result, "reason", row.reason);
  result.set("move", row.move);
  return result;
}

data advice_data(const Advice& advice, const Speaker& speaker) {
  data result;
  const std::string_view label = advice.is_success ? "label.steps_done" : "label.steps";
  result.set("label_steps", advice.heading.empty() ? speaker.say(label) : advice.heading);
  put(result, "turn", advice.turn);
  put_list(result, "steps", "has_steps", texts(advice.steps));
  put(result, "avoid", advice.avoid);
  put(result, "extra", advice.extra);
  return result;
}

data group_data(const GroupContent& group, bool full, const Speaker& speaker) {
  data result;
  put(result, "heading", group.heading);
  list path;
  for (const PathStop& stop : group.path) path.push_back(stop_data(stop, path.empty(), speaker));
  put_list(result, "path", "has_path", path);
  result.set("full", full);
  if (!full) return result;
  result.set("what", group.what);
  if (!group.quote.empty()) {
    result.set("quote", escape_remote(group.quote));
    result.set("label_quote", field_label(group.quote_label, speaker));
  }
  return result;
}

data entry_data(const AdminEntry& entry, const Speaker& speaker) {
  data result;
  result.set("address", entry.address);
  result.set("lines", fields(entry.lines, speaker));
  if (!entry.reply.empty()) result.set("reply", escape_remote(entry.reply));
  return result;
}

// About how many bytes an entry takes in HTML.
std::size_t weight(const AdminEntry& entry) {
  constexpr std::size_t kPerLine = 90;
  std::size_t bytes = 400 + entry.address.size() + escape_remote(entry.reply).size();
  for (const LabelledLine& line : entry.lines) {
    bytes += kPerLine + line.label.size() + line.value.size();
  }
  return bytes;
}

data admin_data(const AdminGroup& group, bool full, const Speaker& speaker) {
  data result;
  if (!full) return result;
  put(result, "advice",
      speaker.say("format.check",
                  {{"label", speaker.say("label.check")}, {"advice", group.advice}}));
  put_list(result, "more", "has_more", texts(group.more));
  return result;
}

void put_admin(data& root, const NoticeContent& content, const Budget& budget,
               const Speaker& speaker) {
  std::size_t left = budget.entry_bytes;
  std::size_t omitted = content.omitted_recipients;
  list groups;
  for (const AdminGroup& group : content.admin) {
    list entries;
    for (const AdminEntry& entry : group.entries) {
      const std::size_t bytes = weight(entry);
      if (bytes > left) {
        left = 0;  // a shorter one further down would be out of place
        ++omitted;
        continue;
      }
      left -= bytes;
      entries.push_back(entry_data(entry, speaker));
    }
    data item = admin_data(group, groups.size() < budget.full_groups, speaker);
    item.set("entries", entries);
    groups.push_back(item);
  }
  root.set("admin", groups);
  root.set("compact", !content.summary.empty());
  if (omitted > 0) {
    const auto count = static_cast<std::int64_t>(omitted);
    root.set("omitted", speaker.say("admin.more_recipients", {{"count", count}}));
  }
}

void put_help(data& root, const HelpDesk& help) {
  if (help.line.empty()) return;
  root.set("help", true);
  root.set("help_line", help.line);
  put(root, "help_email", help.email);
  put(root, "help_phone", help.phone);
  put(root, "help_phone_link", help.phone_link);
  list links;
  for (const std::string& url : help.urls) links.push_back(data("help_url", url));
  root.set("help_url", links);
}

void put_labels(data& root, const Speaker& speaker) {
  for (const char* name :
       {"what_happened", "your_message", "forged", "contact", "admin", "who", "move", "each"}) {
    root.set(fmt::format("label_{}", name), speaker.say(fmt::format("label.{}", name)));
  }
  for (const char* name : {"email", "phone", "reply"}) {
    root.set(fmt::format("label_{}", name),
             field_label(speaker.say(fmt::format("label.{}", name)), speaker));
  }
}

void put_groups(data& root, const NoticeContent& content, const Budget& budget,
                const Speaker& speaker) {
  list rows;
  for (const SummaryRow& row : content.summary) rows.push_back(row_data(row, budget, speaker));
  put_list(root, "summary", "has_summary", rows);
  list advice;
  for (const Advice& each : content.advice) {
    if (!each.empty() && advice.size() < budget.full_groups) {
      advice.push_back(advice_data(each, speaker));
    }
  }
  root.set("advice", advice);
  // One group's addresses stand above its advice; of several, the table has them.
  list addresses;
  list groups;
  for (const GroupContent& group : content.groups) {
    for (const data& line : address_lines(group.addresses, group.more_addresses)) {
      addresses.push_back(line);
    }
    groups.push_back(group_data(group, groups.size() < budget.full_groups, speaker));
  }
  put_list(root, "addresses", "has_addresses", addresses);
  put_list(root, "groups", "has_groups", groups);
}

data edition_data(const Edition& edition, const Budget& budget) {
  const NoticeContent& content = edition.content;
  const Speaker& speaker = edition.speaker;
  data root;
  root.set("language", speaker.messages().language());
  root.set("direction", speaker.messages().right_to_left() ? "rtl" : "ltr");
  root.set("start", speaker.messages().right_to_left() ? "right" : "left");
  root.set("headline", content.headline);
  put(root, "verdict", content.verdict);
  put(root, "reason", content.reason);
  put(root, "letterhead", content.letterhead);
  put(root, "logo", content.logo);
  put(root, "accent", content.accent);
  root.set("has_letterhead", !content.letterhead.empty() || !content.logo.empty());
  root.set("fate_passed", content.fate == PathMark::kPassed);
  root.set("fate_stopped", content.fate == PathMark::kStopped);
  root.set("fate_waiting", content.fate == PathMark::kWaiting);
  put_groups(root, content, budget, speaker);
  put(root, "more_groups", content.more_groups);
  root.set("message", fields(content.message, speaker));
  put(root, "about", content.about);
  root.set("has_message", !content.message.empty() || !content.about.empty());
  put_list(root, "forged", "has_forged", texts(content.forged));
  put_help(root, content.help);
  put_list(root, "signature", "has_signature", texts(content.signature));
  root.set("admin_intro", content.admin_intro);
  root.set("admin_message", fields(content.admin_message, speaker));
  put_admin(root, content, budget, speaker);
  put_labels(root, speaker);
  return root;
}

// Says in the second edition's language that it stands below.
data below_data(const Edition& second) {
  data result;
  result.set("text", second.speaker.say("also.below"));
  result.set("language", second.speaker.messages().language());
  result.set("direction", second.speaker.messages().right_to_left() ? "rtl" : "ltr");
  return result;
}

std::string render(const std::vector<Edition>& editions, const Budget& budget, mustache& renderer) {
  data root;
  const Messages& first = editions.front().speaker.messages();
  root.set("language", first.language());
  root.set("direction", first.right_to_left() ? "rtl" : "ltr");
  root.set("title", editions.front().content.headline);
  put(root, "preview", editions.front().content.preview);
  put(root, "accent_dark", editions.front().content.accent_dark);
  list items;
  for (const Edition& edition : editions) {
    data item = edition_data(edition, budget);
    item.set("later", !items.empty());
    items.push_back(item);
  }
  root.set("editions", items);
  if (editions.size() > 1) root.set("below", below_data(editions[1]));
  return renderer.render(root);
}

}  // namespace

std::string lay_out_html(const std::vector<Edition>& editions, const std::string& layout) {
  mustache renderer(layout);
  std::string html;
  for (const Budget& budget : kBudgets) {
    html = render(editions, budget, renderer);
    if (html.size() < kMaxHtml) break;
  }
  return html;
}

}  // namespace plainbounce
