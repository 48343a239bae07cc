#include "lib/notice/catalogue.h"

#include <fmt/format.h>
#include <unicode/localematcher.h>

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/base/own_files.h"
#include "lib/notice/house_template.h"
#include "lib/notice/language_list.h"

namespace plainbounce {
namespace {

std::shared_ptr<const icu::LocaleMatcher> make_matcher(const std::vector<std::string>& languages) {
  UErrorCode status = U_ZERO_ERROR;
  icu::LocaleMatcher::Builder builder;
  for (const std::string& language : languages) {
    builder.addSupportedLocale(icu::Locale::forLanguageTag(language, status));
  }
  builder.setNoDefaultLocale();
  auto matcher = std::make_shared<const icu::LocaleMatcher>(builder.build(status));
  if (U_FAILURE(status)) {
    throw DataError(fmt::format("notice/messages: meta.language: {}", u_errorName(status)));
  }
  return matcher;
}

// ISO 15924, where the tag doesn't tell by CLDR's likely subtags: "Hant" of "zh-TW".
std::string likely_script(icu::Locale locale) {
  UErrorCode status = U_ZERO_ERROR;
  locale.addLikelySubtags(status);
  return U_FAILURE(status) ? std::string() : locale.getScript();
}

// CLDR has it that many readers of Tibetan read Chinese, and of Kurdish Arabic: that isn't ours to
// say. Latin letters everybody reads.
bool may_serve(const icu::Locale& found, const icu::Locale& wanted) {
  const std::string script = likely_script(found);
  const bool is_own = std::string_view(found.getLanguage()) == wanted.getLanguage();
  return script == "Latn" || (is_own && script == likely_script(wanted));
}

}  // namespace

Catalogue Catalogue::load() {
  Catalogue catalogue;
  for (const EmbeddedFile& file : notice_files()) {
    if (file.name.ends_with(".toml")) {
      catalogue.add(Messages::parse(file.name, file.content));
    } else {
      std::string* const layout = catalogue.layout(file.name.substr(file.name.rfind('/') + 1));
      if (layout != nullptr) *layout = file.content;
    }
  }
  if (catalogue.messages_.count("en") == 0) {
    throw DataError("notice/messages/en.toml:1: meta.language: English is missing");
  }
  return catalogue;
}

std::string* Catalogue::layout(std::string_view file_name) {
  if (file_name == "notice.txt.mustache") return &text_template_;
  if (file_name == "notice.html.mustache") return &html_template_;
  if (file_name == "preface.txt.mustache") return &preface_template_;
  if (file_name == "explain.txt.mustache") return &explain_template_;
  if (file_name == "rule.toml.mustache") return &rule_template_;
  return nullptr;
}

void Catalogue::add_messages(const std::filesystem::path& directory) {
  for (const auto& path : own_files(directory, ".toml")) {
    const std::string toml = read_own_file(path);
    const auto known = messages_.find(ascii_lower(Messages::language_of(path.string(), toml)));
    if (known == messages_.end()) {
      add(Messages::parse(path.string(), toml));
    } else {
      known->second.overlay(path.string(), toml);
    }
  }
}

void Catalogue::replace_templates(const std::filesystem::path& directory) {
  for (const auto& path : own_files(directory, ".mustache")) {
    std::string* const built_in = layout(path.filename().string());
    if (built_in == nullptr) {
      throw DataError(fmt::format("{}:1: template: there is none of this name", path.string()));
    }
    std::string own = read_own_file(path);
    check_template(path.string(), own, *built_in);
    *built_in = std::move(own);
  }
}

void Catalogue::add(Messages messages) {
  std::vector<std::string> known = languages();
  known.push_back(messages.language());
  matcher_ = make_matcher(known);
  messages_.insert_or_assign(ascii_lower(messages.language()), std::move(messages));
}

const Messages* Catalogue::find(std::string_view language) const {
  constexpr std::size_t kMaxTag = 100;
  if (matcher_ == nullptr || language.empty() || language.size() > kMaxTag) return nullptr;
  const icu::Locale wanted = locale_of(language);
  if (wanted.isBogus() != 0 || *wanted.getLanguage() == '\0') return nullptr;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale* const best = matcher_->getBestMatch(wanted, status);
  if (U_FAILURE(status) || best == nullptr || !may_serve(*best, wanted)) return nullptr;
  return find(*best);
}

const Messages* Catalogue::find_own(std::string_view language) const {
  const Messages* const found = find(language);
  if (found == nullptr) return nullptr;
  return bare_language(language) == bare_language(found->language()) ? found : nullptr;
}

const Messages* Catalogue::find_best(const std::vector<std::string>& tags) const {
  for (const std::string& tag : tags) {
    if (const Messages* const found = find_own(tag)) return found;
  }
  for (const std::string& tag : tags) {
    if (const Messages* const found = find(tag)) return found;
  }
  return nullptr;
}

const Messages* Catalogue::find(const icu::Locale& supported) const {
  UErrorCode status = U_ZERO_ERROR;
  const auto found = messages_.find(ascii_lower(supported.toLanguageTag<std::string>(status)));
  return found == messages_.end() ? nullptr : &found->second;
}

const Messages& Catalogue::messages(std::string_view language) const {
  const Messages* const found = find(language);
  return found == nullptr ? messages_.at("en") : *found;
}

std::vector<std::string> Catalogue::languages() const {
  std::vector<std::string> result;
  for (const auto& [tag, messages] : messages_) result.push_back(messages.language());
  return result;
}

}  // namespace plainbounce
