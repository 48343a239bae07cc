// An address or a domain -> its parts, and the one form in which two of them are compared
// (RFC 5321 section 2.4, RFC 5890 section 2.3.2.4).
//
// A domain has many spellings: "BÜCHER.example", "bücher.example", "XN--BCHER-KVA.example" are one.
// Show an address as it was written; compare, sort and look it up in its canonical form only.
#ifndef PLAINBOUNCE_LIB_MAIL_ADDRESS_H_
#define PLAINBOUNCE_LIB_MAIL_ADDRESS_H_

#include <optional>
#include <string>
#include <string_view>

namespace plainbounce {

// What stands before the last @; the whole where there is none.
std::string_view local_part(std::string_view address);

// The canonical form of what stands after the last @; empty: there is none.
std::string domain_of(std::string_view address);

// "xn--bcher-kva.example": A-labels in lower case (UTS #46, not transitional). What is no valid
// domain stays as it is, but for the case of its ASCII letters.
std::string canonical_domain(std::string_view domain);

// The local part with its ASCII letters in lower case, as nobody tells mailboxes apart by them, and
// the canonical domain. A name without @ is all local part.
std::string canonical_address(std::string_view address);

// Is it the domain `other`, or below it? Both canonical.
bool is_within_domain(std::string_view domain, std::string_view other);

bool is_same_domain(std::string_view one, std::string_view other);
bool is_same_address(std::string_view one, std::string_view other);

// For showing: A-labels, and "bücher.example". Nothing: no valid domain.
std::optional<std::string> ascii_domain(std::string_view domain);
std::optional<std::string> unicode_domain(std::string_view domain);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_ADDRESS_H_
