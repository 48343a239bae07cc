#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "lib/notice/display.h"
#include "lib/notice/layout.h"

namespace plainbounce {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;

// What the entries of the administrator's part may take, so that the whole stays below 30 kB. The
// text form and the attached report hold the rest.
constexpr std::size_t kEntriesBudget = 12 * 1024;

// Where a value is empty the key stays absent: Mustache takes an empty string for true.
void put(data& target, const char* key, const std::string& value) {
  if (!value.empty()) target.set(key, value);
}

list texts(const std::vector<std::string>& items) {
  list result;
  for (const std::string& item : items) result.push_back(data("text", item));
  return result;
}

list fields(const std::vector<LabelledLine>& lines) {
  list result;
  for (const LabelledLine& line : lines) {
    data field;
    field.set("label", line.label);
    field.set("value", line.value);
    result.push_back(field);
  }
  return result;
}

void put_list(data& target, const char* key, const char* has_key, const list& items) {
  target.set(key, items);
  target.set(has_key, !items.empty());
}

data stop_data(const PathStop& stop, bool first) {
  data result;
  result.set("arrow", !first);
  result.set("name", stop.name);
  put(result, "note", stop.note);
  result.set("passed", stop.mark == PathMark::kPassed);
  result.set("stopped", stop.mark == PathMark::kStopped);
  result.set("waiting", stop.mark == PathMark::kWaiting);
  result.set("not_reached", stop.mark == PathMark::kNotReached);
  return result;
}

data group_data(const GroupContent& group, const Phrases& phrases) {
  data result;
  put(result, "heading", group.heading);
  list path;
  for (const PathStop& stop : group.path) path.push_back(stop_data(stop, path.empty()));
  result.set("path", path);
  put(result, "act", group.act);
  std::vector<std::string> addresses = group.addresses;
  if (!group.more_addresses.empty()) addresses.push_back(group.more_addresses);
  put_list(result, "addresses", "has_addresses", texts(addresses));
  result.set("what", group.what);
  if (!group.quote.empty()) result.set("quote", escape_remote(group.quote));
  result.set("turn", group.turn);
  put_list(result, "steps", "has_steps", texts(group.steps));
  put(result, "avoid", group.avoid);
  result.set("has_advice", !group.steps.empty() || !group.avoid.empty());
  result.set("label_steps", phrases.say(group.is_success ? "label.steps_done" : "label.steps"));
  return result;
}

data entry_data(const AdminEntry& entry) {
  data result;
  result.set("address", entry.address);
  result.set("lines", fields(entry.lines));
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

void put_admin(data& root, const NoticeContent& content, const Phrases& phrases) {
  std::size_t left = kEntriesBudget;
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
      entries.push_back(entry_data(entry));
    }
    data item;
    put(item, "advice", group.advice);
    item.set("entries", entries);
    groups.push_back(item);
  }
  root.set("admin", groups);
  if (omitted > 0) {
    const auto count = static_cast<std::int64_t>(omitted);
    root.set("omitted", phrases.say("admin.more_recipients", {{"count", count}}));
  }
}

void put_help(data& root, const HelpDesk& help) {
  if (help.line.empty()) return;
  root.set("help", true);
  root.set("help_line", help.line);
  put(root, "help_email", help.email);
  put(root, "help_phone", help.phone);
  put(root, "help_url", help.url);
}

void put_labels(data& root, const Phrases& phrases) {
  for (const char* name : {"what_happened", "turn", "your_message", "forged", "contact", "admin",
                           "recipients", "quote", "phone", "reply", "check"}) {
    root.set(fmt::format("label_{}", name), phrases.say(fmt::format("label.{}", name)));
  }
}

}  // namespace

std::string lay_out_html(const NoticeContent& content, const std::string& layout,
                         const Phrases& phrases) {
  data root;
  root.set("language", phrases.messages().language());
  root.set("direction", phrases.messages().right_to_left() ? "rtl" : "ltr");
  root.set("subject", content.subject);
  root.set("headline", content.headline);
  list groups;
  for (const GroupContent& group : content.groups) groups.push_back(group_data(group, phrases));
  root.set("groups", groups);
  root.set("message", fields(content.message));
  put(root, "about", content.about);
  root.set("has_message", !content.message.empty() || !content.about.empty());
  put_list(root, "forged", "has_forged", texts(content.forged));
  put_help(root, content.help);
  root.set("admin_intro", content.admin_intro);
  root.set("admin_message", fields(content.admin_message));
  put_admin(root, content, phrases);
  put_labels(root, phrases);
  mustache renderer(layout);
  return renderer.render(root);
}

}  // namespace plainbounce
