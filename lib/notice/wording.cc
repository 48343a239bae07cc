#include "lib/notice/wording.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unicode/localematcher.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "lib/embedded.h"
#include "lib/notice/arguments.h"

namespace plainbounce {
namespace {

[[noreturn]] void fail(std::string_view file, unsigned line, std::string_view key,
                       std::string_view what) {
  throw WordingError(fmt::format("{}:{}: {}: {}", file, line, key, what));
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
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

// Flattens one TOML file into a Messages.
class MessagesReader {
 public:
  MessagesReader(std::string_view file, Messages& messages) : file_(file), messages_(messages) {}

  void read(const toml::table& root) {
    const toml::table* meta = root["meta"].as_table();
    if (meta == nullptr) fail(file_, 1, "meta", "expected a table [meta]");
    read_meta(*meta);
    for (const auto& [name, node] : root) {
      if (name != "meta") read_node(std::string(name.str()), node);
    }
    check_steps();
  }

 private:
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
    } else if (const toml::array* array = node.as_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        read_node(fmt::format("{}.{}", key, i + 1), *array->get(i));
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
    if (text.front() == '@') references_.emplace_back(key, line_number);
  }

  void check_steps() const {
    for (const auto& [key, line_number] : references_) {
      const std::string step = "step." + messages_.patterns_.find(key)->second.substr(1);
      if (messages_.find(step) == nullptr && messages_.find(step + ".1") == nullptr) {
        fail(file_, line_number, key, fmt::format("there is no {}", step));
      }
    }
  }

  static unsigned line(const toml::node& node) { return node.source().begin.line; }

  std::string_view file_;
  Messages& messages_;
  std::vector<std::pair<std::string, unsigned>> references_;
};

Messages Messages::parse(std::string_view file, std::string_view toml) {
  Messages messages;
  try {
    MessagesReader(file, messages).read(toml::parse(toml, file));
  } catch (const toml::parse_error& error) {
    fail(file, error.source().begin.line, "TOML", error.description());
  }
  return messages;
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

namespace {

std::string check_template(const EmbeddedFile& file) {
  std::string text(file.content);
  kainjow::mustache::mustache layout(text);
  if (!layout.is_valid()) fail(file.name, 1, "template", layout.error_message());
  return text;
}

std::shared_ptr<const icu::LocaleMatcher> make_matcher(const std::vector<std::string>& languages) {
  UErrorCode status = U_ZERO_ERROR;
  icu::LocaleMatcher::Builder builder;
  for (const std::string& language : languages) {
    builder.addSupportedLocale(icu::Locale::forLanguageTag(language, status));
  }
  builder.setNoDefaultLocale();
  auto matcher = std::make_shared<const icu::LocaleMatcher>(builder.build(status));
  if (U_FAILURE(status)) {
    throw WordingError(fmt::format("notice/messages: meta.language: {}", u_errorName(status)));
  }
  return matcher;
}

}  // namespace

Wording Wording::load() {
  Wording wording;
  for (const EmbeddedFile& file : notice_files()) {
    if (file.name.ends_with(".toml")) {
      wording.add(Messages::parse(file.name, file.content));
    } else if (file.name.ends_with("/explain.txt.mustache")) {
      wording.explain_template_ = check_template(file);
    } else if (file.name.ends_with("/rule.toml.mustache")) {
      wording.rule_template_ = check_template(file);
    } else if (file.name.ends_with("/preface.txt.mustache")) {
      wording.preface_template_ = check_template(file);
    } else if (file.name.ends_with(".txt.mustache")) {
      wording.text_template_ = check_template(file);
    } else if (file.name.ends_with(".html.mustache")) {
      wording.html_template_ = check_template(file);
    }
  }
  if (wording.messages_.count("en") == 0) {
    throw WordingError("notice/messages/en.toml:1: meta.language: English is missing");
  }
  return wording;
}

void Wording::add(Messages messages) {
  std::vector<std::string> known = languages();
  known.push_back(messages.language());
  matcher_ = make_matcher(known);
  messages_.insert_or_assign(lower(messages.language()), std::move(messages));
}

const Messages* Wording::find(std::string_view language) const {
  constexpr std::size_t kMaxTag = 100;
  if (matcher_ == nullptr || language.empty() || language.size() > kMaxTag) return nullptr;
  std::string tag(language);
  std::replace(tag.begin(), tag.end(), '_', '-');
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale wanted = icu::Locale::forLanguageTag(tag, status);
  if (U_FAILURE(status) || *wanted.getLanguage() == '\0') return nullptr;
  const icu::Locale* const best = matcher_->getBestMatch(wanted, status);
  return U_FAILURE(status) || best == nullptr ? nullptr : find(*best);
}

const Messages* Wording::find_in_list(std::string_view languages) const {
  constexpr std::size_t kMaxList = 500;
  if (matcher_ == nullptr || languages.empty() || languages.size() > kMaxList) return nullptr;
  UErrorCode status = U_ZERO_ERROR;
  const icu::StringPiece list(languages.data(), static_cast<int32_t>(languages.size()));
  const icu::Locale* const best = matcher_->getBestMatchForListString(list, status);
  return U_FAILURE(status) || best == nullptr ? nullptr : find(*best);
}

const Messages* Wording::find(const icu::Locale& supported) const {
  UErrorCode status = U_ZERO_ERROR;
  const auto found = messages_.find(lower(supported.toLanguageTag<std::string>(status)));
  return found == messages_.end() ? nullptr : &found->second;
}

const Messages& Wording::messages(std::string_view language) const {
  const Messages* const found = find(language);
  return found == nullptr ? messages_.at("en") : *found;
}

std::vector<std::string> Wording::languages() const {
  std::vector<std::string> result;
  for (const auto& [tag, messages] : messages_) result.push_back(messages.language());
  return result;
}

}  // namespace plainbounce
