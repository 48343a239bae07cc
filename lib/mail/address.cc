#include "lib/mail/address.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

// RFC 1035 section 2.3.4; in UTF-8 a valid one may be longer, but not much.
constexpr std::size_t kMaxDomain = 255;

const icu::IDNA* idna() {
  UErrorCode status = U_ZERO_ERROR;
  static const std::unique_ptr<const icu::IDNA> kIdna(icu::IDNA::createUTS46Instance(
      UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, status));
  return kIdna.get();
}

std::optional<std::string> convert(std::string_view domain, bool to_ascii) {
  if (domain.empty() || domain.size() > kMaxDomain || idna() == nullptr) return std::nullopt;
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  icu::IDNAInfo info;
  UErrorCode status = U_ZERO_ERROR;
  const icu::StringPiece name(domain.data(), static_cast<std::int32_t>(domain.size()));
  if (to_ascii) {
    idna()->nameToASCII_UTF8(name, sink, info, status);
  } else {
    idna()->nameToUnicodeUTF8(name, sink, info, status);
  }
  if (U_FAILURE(status) || info.hasErrors() || result.empty()) return std::nullopt;
  return result;
}

// Is it in its canonical form already, but for the case?
bool is_plain(std::string_view domain) {
  return std::none_of(domain.begin(), domain.end(), [](char c) { return (c & 0x80) != 0; });
}

}  // namespace

std::string_view local_part(std::string_view address) {
  return address.substr(0, address.rfind('@'));
}

std::string domain_of(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string() : canonical_domain(address.substr(at + 1));
}

std::string canonical_domain(std::string_view domain) {
  // An A-label has but one spelling apart from its case, so that nothing has to be converted.
  if (is_plain(domain)) return ascii_lower(domain);
  return ascii_domain(domain).value_or(ascii_lower(domain));
}

std::string canonical_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return ascii_lower(address);
  return ascii_lower(address.substr(0, at + 1)) + canonical_domain(address.substr(at + 1));
}

bool is_within_domain(std::string_view domain, std::string_view other) {
  if (!domain.ends_with(other)) return false;
  domain.remove_suffix(other.size());
  return domain.empty() || domain.back() == '.';
}

bool is_same_domain(std::string_view one, std::string_view other) {
  return canonical_domain(one) == canonical_domain(other);
}

bool is_same_address(std::string_view one, std::string_view other) {
  return canonical_address(one) == canonical_address(other);
}

std::optional<std::string> ascii_domain(std::string_view domain) { return convert(domain, true); }

std::optional<std::string> unicode_domain(std::string_view domain) {
  return convert(domain, false);
}

}  // namespace plainbounce
