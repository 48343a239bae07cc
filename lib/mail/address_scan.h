// Running text -> the mail addresses that stand in it.
#ifndef PLAINBOUNCE_LIB_MAIL_ADDRESS_SCAN_H_
#define PLAINBOUNCE_LIB_MAIL_ADDRESS_SCAN_H_

#include <optional>
#include <string_view>
#include <vector>

namespace plainbounce {

// Every "local@domain" in a line, from left to right, views into it. Good enough to compare with an
// address that is known; not a check of whether it is valid.
std::vector<std::string_view> find_addresses(std::string_view line);

// A line that is about what it begins with: "<anna@example.com>: ...", "  anna@example.com",
// "anna... User unknown".
struct LeadingAddress {
  std::string_view address;  // without angle brackets; a name without "@" for local users
  std::string_view rest;     // what follows it and its colon or dots, trimmed
  bool dots = false;         // "..." stands between them
};
// Nothing: the line begins with something else, or goes on with prose after the address.
std::optional<LeadingAddress> find_leading_address(std::string_view line);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_ADDRESS_SCAN_H_
