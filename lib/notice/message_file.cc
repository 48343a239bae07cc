#include "lib/notice/message_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>

#include "lib/base/data_error.h"
#include "lib/knowledge/cause.h"
#include "lib/notice/message_arguments.h"
#include "lib/notice/shared_steps.h"

namespace plainbounce {
namespace {

[[noreturn]] void fail(std::string_view file, unsigned line, std::string_view key,
                       std::string_view what) {
  throw DataError(fmt::format("{}:{}: {}: {}", file, line, key, what));
}

std::vector<std::string> argument_names(const icu::MessagePattern& pattern) {
  std::vector<std::string> names;
  for (int i = 0; i < pattern.countParts(); ++i) {
    const auto& part = pattern.getPart(i);
    const bool named = part.getType() == UMSGPAT_PART_TYPE_ARG_NAME;
    if (!named && part.getType() != UMSGPAT_PART_TYPE_ARG_NUMBER) continue;
    std::string name;
    pattern.getSubstring(part).toUTF8String(name);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace

// Flattens one TOML file into a Messages. Where `messages` holds something already, the file's keys
// take the place of those that it has.
class MessagesReader {
 public:
  MessagesReader(std::string_view file, Messages& messages) : file_(file), messages_(messages) {}

  void read(const toml::table& root) {
    is_overlay_ = !messages_.patterns_.empty();
    const toml::table* meta = root["meta"].as_table();
    if (meta == nullptr) fail(file_, 1, "meta", "expected a table [meta]");
    read_meta(*meta);
    for (const auto& [name, node] : root) {
      if (name != "meta") read_node(std::string(name.str()), node);
    }
    check_steps();
  }

 private:
  struct Place {
    std::string key;
    unsigned line = 0;
  };
  static constexpr std::string_view kStep = "step.";

  // The house's own sentence for a cause: "extra.mailbox-full".
  static bool is_extra(std::string_view key) {
    constexpr std::string_view kTable = "extra.";
    return key.starts_with(kTable) && parse_id<Cause>(key.substr(kTable.size())).has_value();
  }

  // Takes out what stands under a key: its text, or all items of its list.
  void make_room(const std::string& key, unsigned line_number) {
    bool found = messages_.patterns_.erase(key) > 0;
    const std::string items = key + ".";
    for (auto at = messages_.patterns_.lower_bound(items);
         at != messages_.patterns_.end() && at->first.starts_with(items);) {
      found = true;
      at = messages_.patterns_.erase(at);
    }
    if (!found && !is_extra(key)) fail(file_, line_number, key, "there is no such key");
  }

  void read_meta(const toml::table& meta) {
    for (const auto& [name, node] : meta) {
      const auto text = node.value<std::string>();
      if (!text) fail(file_, line(node), "meta", "expected text");
      if (name == "language") {
        messages_.language_ = *text;
      } else if (name == "locale") {
        messages_.locale_ = *text;
      } else if (name == "sentence_separator") {
        messages_.sentence_separator_ = *text;
      } else if (name == "direction" && (*text == "ltr" || *text == "rtl")) {
        messages_.right_to_left_ = *text == "rtl";
      } else {
        fail(file_, line(node), fmt::format("meta.{}", name.str()),
             "expected language, locale, sentence_separator, or direction = \"ltr\" or \"rtl\"");
      }
    }
    if (messages_.language_.empty()) fail(file_, line(meta), "meta.language", "is missing");
    if (messages_.locale_.empty()) messages_.locale_ = messages_.language_;
  }

  void read_node(const std::string& key, const toml::node& node) {
    if (const toml::table* table = node.as_table()) {
      for (const auto& [name, child] : *table) {
        read_node(fmt::format("{}.{}", key, name.str()), child);
      }
      return;
    }
    if (is_overlay_) make_room(key, line(node));
    if (key.starts_with(kStep)) steps_.push_back({key, line(node)});
    read_value(key, node);
  }

  void read_value(const std::string& key, const toml::node& node) {
    if (const toml::array* array = node.as_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        read_value(fmt::format("{}.{}", key, i + 1), *array->get(i));
      }
    } else if (const auto text = node.value_exact<std::string>()) {
      read_pattern(key, *text, line(node));
    } else {
      fail(file_, line(node), key, "expected text or an array of texts");
    }
  }

  void read_pattern(const std::string& key, const std::string& text, unsigned line_number) {
    if (text.empty()) fail(file_, line_number, key, "is empty");
    UErrorCode status = U_ZERO_ERROR;
    UParseError where{};
    const icu::UnicodeString pattern = icu::UnicodeString::fromUTF8(text);
    const icu::MessagePattern parsed(pattern, &where, status);
    if (U_SUCCESS(status)) {
      const icu::MessageFormat format(
          pattern, icu::Locale::forLanguageTag(messages_.locale_, status), where, status);
    }
    if (U_FAILURE(status)) {
      fail(file_, line_number, key,
           fmt::format("no MessageFormat pattern at character {}: {}", where.offset,
                       u_errorName(status)));
    }
    auto names = argument_names(parsed);
    for (const std::string& name : names) {
      if (!is_argument_name(name)) {
        fail(file_, line_number, key, fmt::format("there is no argument {{{}}}", name));
      }
    }
    messages_.patterns_[key] = text;
    messages_.arguments_[key] = std::move(names);
    if (!step_key(text).empty()) references_.push_back({key, line_number});
  }

  void check_steps() const {
    for (const Place& reference : references_) {
      const std::string step = step_key(*messages_.find(reference.key));
      if (alternatives(messages_, step).empty()) {
        fail(file_, reference.line, reference.key, fmt::format("there is no {}", step));
      }
    }
    for (const Place& place : steps_) {
      if (!alternatives(messages_, place.key).empty()) continue;
      for (const auto& [key, pattern] : messages_.patterns_) {
        if (step_key(pattern) != place.key) continue;
        fail(file_, place.line, place.key, fmt::format("holds no text, but stands in {}", key));
      }
    }
    check_ways();
  }

  // No step may lead back to itself: it would never come to an end.
  void check_ways() const {
    StepWalk walk(messages_);
    for (const Place& reference : references_) {
      if (!reference.key.starts_with(kStep)) continue;
      const std::vector<std::string> way = walk.endless_way_from(step_of(reference.key));
      if (!way.empty()) fail_way(reference, way);
    }
  }

  [[noreturn]] void fail_way(const Place& reference, std::vector<std::string> way) const {
    const auto first = std::find(way.begin(), way.end() - 1, way.back());
    if (first == way.end() - 1) {
      fail(file_, reference.line, reference.key,
           fmt::format("leads through more than {} steps: {}", kMostStepsInARow, names_of(way)));
    }
    // What led to the circle has no fault, and one of the steps in it stands in this file: the
    // others were read before, and had none.
    std::vector<std::string> circle(first, way.end() - 1);
    for (const Place& place : references_) {
      for (const std::string& key : {step_of(place.key), place.key}) {
        const auto start = std::find(circle.begin(), circle.end(), key);
        if (start == circle.end()) continue;
        std::rotate(circle.begin(), start, circle.end());
        circle.push_back(circle.front());
        fail(file_, place.line, place.key,
             fmt::format("leads back to itself: {}", names_of(circle)));
      }
    }
    fail(file_, reference.line, reference.key, names_of(way));  // can't be
  }

  // "ask-person → wait"
  static std::string names_of(const std::vector<std::string>& steps) {
    std::string names;
    for (const std::string& step : steps) {
      names.append(names.empty() ? "" : " → ").append(step.substr(kStep.size()));
    }
    return names;
  }

  // "step.wait" of its alternative "step.wait.2", too.
  std::string step_of(const std::string& key) const {
    const std::string whole = key.substr(0, key.rfind('.'));
    const std::vector<std::string> texts = alternatives(messages_, whole);
    return std::find(texts.begin(), texts.end(), key) == texts.end() ? key : whole;
  }

  static unsigned line(const toml::node& node) { return node.source().begin.line; }

  std::string_view file_;
  Messages& messages_;
  bool is_overlay_ = false;
  std::vector<Place> references_;  // texts that a shared step stands for
  std::vector<Place> steps_;
};

void Messages::overlay(std::string_view file, std::string_view toml) {
  try {
    MessagesReader(file, *this).read(toml::parse(toml, file));
  } catch (const toml::parse_error& error) {
    fail(file, error.source().begin.line, "TOML", error.description());
  }
}

Messages Messages::parse(std::string_view file, std::string_view toml) {
  Messages messages;
  messages.overlay(file, toml);
  return messages;
}

std::string Messages::language_of(std::string_view file, std::string_view toml) {
  try {
    const toml::table root = toml::parse(toml, file);
    return root["meta"]["language"].value_or(std::string());
  } catch (const toml::parse_error& error) {
    fail(file, error.source().begin.line, "TOML", error.description());
  }
}

const std::string* Messages::find(std::string_view key) const {
  const auto found = patterns_.find(key);
  return found == patterns_.end() ? nullptr : &found->second;
}

const std::vector<std::string>& Messages::arguments(std::string_view key) const {
  static const std::vector<std::string> kNone;
  const auto found = arguments_.find(key);
  return found == arguments_.end() ? kNone : found->second;
}

}  // namespace plainbounce
