#include "lib/notice/speaker.h"

#include <fmt/format.h>
#include <unicode/calendar.h>
#include <unicode/listformatter.h>
#include <unicode/measfmt.h>
#include <unicode/measunit.h>
#include <unicode/measure.h>
#include <unicode/msgfmt.h>
#include <unicode/numberformatter.h>
#include <unicode/simpletz.h>
#include <unicode/smpdtfmt.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "lib/notice/display.h"
#include "lib/notice/shared_steps.h"

namespace plainbounce {
namespace {

std::string to_utf8(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

// What is put into a sentence of this direction, or stands in a list.
std::string embedded(const std::string& text, bool right_to_left) {
  return right_to_left || has_right_to_left(text) ? isolated(text) : text;
}

bool needs_gap(UChar32 left, UChar32 right) {
  const auto is_han = [](UChar32 c) { return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0; };
  const auto is_latin = [](UChar32 c) { return c < 0x80 && u_isalnum(c) != 0; };
  return (is_han(left) && is_latin(right)) || (is_latin(left) && is_han(right));
}

// The list with blanks between Latin items and the Chinese words around them, as Chinese sentences
// have them.
icu::UnicodeString with_gaps(const icu::FormattedList& list, UErrorCode& status) {
  icu::UnicodeString text = list.toString(status);
  std::vector<int32_t> edges;
  icu::ConstrainedFieldPosition item;
  item.constrainField(UFIELD_CATEGORY_LIST, ULISTFMT_ELEMENT_FIELD);
  while (list.nextPosition(item, status) != 0) {
    edges.push_back(item.getStart());
    edges.push_back(item.getLimit());
  }
  std::for_each(edges.rbegin(), edges.rend(), [&text](int32_t edge) {
    if (edge <= 0 || edge >= text.length()) return;
    if (needs_gap(text.char32At(edge - 1), text.char32At(edge))) text.insert(edge, u' ');
  });
  return text;
}

std::string format_pattern(const std::string& pattern, const icu::Locale& locale,
                           const Arguments& arguments, bool right_to_left) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(icu::UnicodeString::fromUTF8(pattern), locale, status);
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : arguments) {
    names.push_back(icu::UnicodeString::fromUTF8(name));
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      values.emplace_back(static_cast<int64_t>(*number));
    } else {
      const std::string text = embedded(std::get<std::string>(value), right_to_left);
      values.emplace_back(icu::UnicodeString::fromUTF8(text));
    }
  }
  icu::UnicodeString result;
  if (U_SUCCESS(status)) {
    format.format(names.data(), values.data(), static_cast<int32_t>(names.size()), result, status);
  }
  return U_SUCCESS(status) ? to_utf8(result) : std::string();
}

bool all_known(const std::vector<std::string>& names, const Arguments& arguments) {
  return std::all_of(names.begin(), names.end(), [&arguments](const std::string& name) {
    return arguments.find(name) != arguments.end();
  });
}

// The calendar day of a Timestamp is one of its own offset, so a fixed zone is all that is needed.
std::string format_moment(icu::DateFormat* format, const Timestamp& when) {
  // Years 0 to 9999; beyond it the report's date is nonsense and is left out.
  constexpr std::int64_t kLatest = 253402300799;
  constexpr int kMaxOffset = 24 * 3600;
  if (format == nullptr || when.unix_seconds < 0 || when.unix_seconds > kLatest) return {};
  const int offset = std::clamp(when.utc_offset_seconds, -kMaxOffset, kMaxOffset);
  format->adoptTimeZone(new icu::SimpleTimeZone(offset * 1000, icu::UnicodeString()));
  icu::UnicodeString result;
  format->format(static_cast<UDate>(when.unix_seconds) * 1000.0, result);
  return to_utf8(result);
}

}  // namespace

struct Speaker::Formats {
  icu::Locale locale;
  icu::Locale fallback;
  std::unique_ptr<icu::DateFormat> moment;
  std::unique_ptr<icu::DateFormat> moment_with_zone;
  std::unique_ptr<icu::DateFormat> exact;
  std::unique_ptr<icu::ListFormatter> list;

  Formats(const std::string& tag, const std::string& fallback_tag) {
    UErrorCode status = U_ZERO_ERROR;
    locale = icu::Locale::forLanguageTag(tag, status);
    fallback = icu::Locale::forLanguageTag(fallback_tag, status);
    moment = skeleton("yMMMMEEEEdjm");
    moment_with_zone = skeleton("yMMMMEEEEdjmO");
    exact = skeleton("yMMMdjmsZ");
    status = U_ZERO_ERROR;
    list.reset(icu::ListFormatter::createInstance(locale, status));
    if (U_FAILURE(status)) list.reset();
  }

  std::unique_ptr<icu::DateFormat> skeleton(const char* fields) const {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::DateFormat> format(icu::DateFormat::createInstanceForSkeleton(
        icu::UnicodeString::fromUTF8(fields), locale, status));
    if (U_FAILURE(status)) format.reset();
    return format;
  }
};

Speaker::Speaker(const Messages& messages, const Messages& fallback)
    : messages_(messages),
      fallback_(fallback),
      formats_(std::make_unique<Formats>(messages.locale(), fallback.locale())) {}

Speaker::~Speaker() = default;

const Messages* Speaker::having(std::string_view key) const {
  const std::string first = fmt::format("{}.1", key);
  const std::string nested = fmt::format("{}.1.1", key);
  for (const Messages* messages : {&messages_, &fallback_}) {
    if (messages->find(key) != nullptr || messages->find(first) != nullptr ||
        messages->find(nested) != nullptr) {
      return messages;
    }
  }
  return nullptr;
}

std::string Speaker::say(std::string_view key, const Arguments& arguments) const {
  const Messages* messages = having(key);
  return messages == nullptr ? std::string() : say_from(*messages, key, arguments, 0);
}

// `steps`: the shared steps that led here. A step is said in the language of what it stands in.
std::string Speaker::say_from(const Messages& messages, std::string_view key,
                              const Arguments& arguments, std::size_t steps) const {
  if (steps > kMostStepsInARow) return {};  // can't be: refused when loading
  for (const std::string& text : alternatives(messages, key)) {
    const std::string step = step_key(*messages.find(text));
    std::string sentence = step.empty() ? format(messages, text, arguments)
                                        : say_from(messages, step, arguments, steps + 1);
    if (!sentence.empty()) return sentence;
  }
  return {};
}

std::string Speaker::format(const Messages& messages, const std::string& key,
                            const Arguments& arguments) const {
  if (!all_known(messages.arguments(key), arguments)) return {};
  // Plurals and numbers are those of the language that the pattern is written in.
  const icu::Locale& locale = &messages == &messages_ ? formats_->locale : formats_->fallback;
  return format_pattern(*messages.find(key), locale, arguments, messages.right_to_left());
}

std::vector<std::string> Speaker::items(std::string_view key, const Arguments& arguments) const {
  std::vector<std::string> result;
  const Messages* messages = having(key);
  if (messages == nullptr) return result;
  for (int i = 1;; ++i) {
    const std::string item = fmt::format("{}.{}", key, i);
    if (messages->find(item) == nullptr && messages->find(item + ".1") == nullptr) return result;
    std::string sentence = say(item, arguments);
    if (!sentence.empty()) result.push_back(std::move(sentence));
  }
}

std::vector<Step> Speaker::steps(std::string_view key, const Arguments& arguments) const {
  std::vector<Step> result;
  const Messages* messages = having(key);
  if (messages == nullptr) return result;
  for (int i = 1;; ++i) {
    const std::vector<std::string> texts = alternatives(*messages, fmt::format("{}.{}", key, i));
    if (texts.empty()) return result;
    for (const std::string& text : texts) {
      std::string sentence = say(text, arguments);
      if (sentence.empty()) continue;
      const std::string& pattern = *messages->find(text);
      result.push_back(
          {std::move(sentence), pattern.starts_with('@') ? pattern.substr(1) : std::string()});
      break;
    }
  }
}

std::string Speaker::paragraph(std::string_view key, const Arguments& arguments) const {
  std::string result;
  for (const std::string& sentence : items(key, arguments)) result = join(result, sentence);
  return result;
}

std::string Speaker::join(std::string_view first, std::string_view second) const {
  if (first.empty() || second.empty()) return std::string(first.empty() ? second : first);
  return fmt::format("{}{}{}", first, messages_.sentence_separator(), second);
}

std::string Speaker::list(const std::vector<std::string>& items) const {
  std::vector<icu::UnicodeString> strings;
  strings.reserve(items.size());
  for (const std::string& item : items) {
    const std::string text = embedded(item, messages_.right_to_left());
    strings.push_back(icu::UnicodeString::fromUTF8(text));
  }
  UErrorCode status = U_ZERO_ERROR;
  if (formats_->list != nullptr) {
    const auto count = static_cast<int32_t>(strings.size());
    const auto list = formats_->list->formatStringsToValue(strings.data(), count, status);
    const icu::UnicodeString result = with_gaps(list, status);
    if (U_SUCCESS(status)) return to_utf8(result);
  }
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string Speaker::as_sentence(std::string_view part) const {
  const std::string_view word = part.substr(0, part.find(' '));
  if (word.find('.') < word.size() - 1 || word.find('@') != std::string_view::npos) {
    return std::string(part);
  }
  const auto size = static_cast<int32_t>(part.size());
  auto text = icu::UnicodeString::fromUTF8({part.data(), size});
  // One "word", and nothing in lower case: only the first letter changes.
  text.toTitle(nullptr, formats_->locale, U_TITLECASE_WHOLE_STRING | U_TITLECASE_NO_LOWERCASE);
  return to_utf8(text);
}

std::string Speaker::moment(const Timestamp& when) const {
  // A server that keeps UTC says nothing about where its users live: then the zone is named.
  auto& format = when.utc_offset_seconds == 0 ? formats_->moment_with_zone : formats_->moment;
  return format_moment(format.get(), when);
}

std::string Speaker::exact_moment(const Timestamp& when) const {
  return format_moment(formats_->exact.get(), when);
}

std::string Speaker::size(std::uint64_t bytes, int decimals) const {
  constexpr double kKilo = 1024.0;
  const double value = static_cast<double>(bytes);
  const bool mega = value >= 0.95 * kKilo * kKilo;
  const bool kilo = !mega && value >= kKilo;
  const auto unit = mega   ? icu::MeasureUnit::getMegabyte()
                    : kilo ? icu::MeasureUnit::getKilobyte()
                           : icu::MeasureUnit::getByte();
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString result =
      icu::number::NumberFormatter::withLocale(formats_->locale)
          .unit(unit)
          .unitWidth(mega || kilo ? UNUM_UNIT_WIDTH_SHORT : UNUM_UNIT_WIDTH_FULL_NAME)
          .precision(icu::number::Precision::maxFraction(decimals))
          .formatDouble(mega   ? value / (kKilo * kKilo)
                        : kilo ? value / kKilo
                               : value,
                        status)
          .toString(status);
  return U_SUCCESS(status) ? to_utf8(result) : std::string();
}

std::string Speaker::duration(std::int64_t seconds) const {
  const std::array<std::pair<std::int64_t, icu::MeasureUnit>, 4> units = {{
      {86400, icu::MeasureUnit::getDay()},
      {3600, icu::MeasureUnit::getHour()},
      {60, icu::MeasureUnit::getMinute()},
      {1, icu::MeasureUnit::getSecond()},
  }};
  UErrorCode status = U_ZERO_ERROR;
  std::vector<icu::Measure> measures;
  std::int64_t rest = seconds;
  for (const auto& [length, unit] : units) {
    // Two units are exact enough: "1 day, 2 hours".
    if (measures.size() == 2 || rest < length) continue;
    measures.emplace_back(static_cast<int64_t>(rest / length), new icu::MeasureUnit(unit), status);
    rest %= length;
  }
  if (seconds <= 0 || U_FAILURE(status)) return {};
  const icu::MeasureFormat format(formats_->locale, UMEASFMT_WIDTH_WIDE, status);
  icu::UnicodeString result;
  icu::FieldPosition position;
  format.formatMeasures(measures.data(), static_cast<int32_t>(measures.size()), result, position,
                        status);
  return U_SUCCESS(status) ? to_utf8(result) : std::string();
}

std::string Speaker::number(std::int64_t value) const {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString result = icu::number::NumberFormatter::withLocale(formats_->locale)
                                        .formatInt(value, status)
                                        .toString(status);
  return U_SUCCESS(status) ? to_utf8(result) : fmt::format("{}", value);
}

}  // namespace plainbounce
