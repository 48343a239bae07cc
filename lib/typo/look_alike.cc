#include "lib/typo/look_alike.h"

#include <unicode/idna.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <memory>

namespace plainbounce {
namespace {

constexpr std::size_t kMaxDomain = 255;  // RFC 5321 section 4.5.3.1.2

struct CloseChecker {
  void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

// Every label in its own script, lower case.
icu::UnicodeString in_unicode(std::string_view domain) {
  UErrorCode error = U_ZERO_ERROR;
  static const std::unique_ptr<const icu::IDNA> kIdna(
      icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_UNICODE, error));
  if (kIdna == nullptr) return {};
  icu::UnicodeString text;
  icu::IDNAInfo info;
  error = U_ZERO_ERROR;
  kIdna->nameToUnicode(
      icu::UnicodeString::fromUTF8({domain.data(), static_cast<std::int32_t>(domain.size())}), text,
      info, error);
  return U_SUCCESS(error) ? text : icu::UnicodeString();
}

icu::UnicodeString without_accents(const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const decomposer = icu::Normalizer2::getNFDInstance(error);
  if (U_FAILURE(error)) return text;
  const icu::UnicodeString parts = decomposer->normalize(text, error);
  icu::UnicodeString bare;
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    const UChar32 character = parts.char32At(i);
    if (u_charType(character) != U_NON_SPACING_MARK) bare.append(character);
  }
  return bare;
}

}  // namespace

std::string look_of(std::string_view domain) {
  if (domain.size() > kMaxDomain) return {};
  UErrorCode error = U_ZERO_ERROR;
  static const std::unique_ptr<USpoofChecker, CloseChecker> kChecker(uspoof_open(&error));
  if (kChecker == nullptr) return {};
  error = U_ZERO_ERROR;
  icu::UnicodeString skeleton;
  uspoof_getSkeletonUnicodeString(kChecker.get(), 0, without_accents(in_unicode(domain)), skeleton,
                                  &error);
  std::string look;
  // A zero looks like a capital O, and host names know no capitals.
  if (U_SUCCESS(error)) skeleton.foldCase().toUTF8String(look);
  return look;
}

}  // namespace plainbounce
