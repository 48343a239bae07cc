// The text of one configuration value -> the value, or nothing where it isn't valid.
#ifndef PLAINBOUNCE_LIB_CONFIG_CONFIG_VALUES_H_
#define PLAINBOUNCE_LIB_CONFIG_CONFIG_VALUES_H_

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace plainbounce {

// "64 MiB", "512KiB", "1 GiB", "1000000" -> bytes.
std::optional<std::size_t> parse_byte_size(std::string_view text);

// "0660" -> 0660. Three or four octal digits, read and write permissions only.
std::optional<mode_t> parse_socket_mode(std::string_view text);

// The shape of a BCP 47 language tag: "en", "pt-BR", "zh-Hant-TW". Whether there are messages in it
// is another question.
bool is_language_tag(std::string_view text);

// An address, "anna@example.com", or a domain, "example.com".
bool is_reader(std::string_view text);

// One line of text for people: no control characters, at most 200 bytes.
bool is_plain_line(std::string_view text);

// "example.org": ASCII labels of letters, digits and hyphens, at least two, 253 bytes at most.
bool is_domain_name(std::string_view text);

// "relay.example.org", "relay", "*.example.org", "192.0.2.1", "192.0.2.0/24"
bool is_host_pattern(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_CONFIG_CONFIG_VALUES_H_
