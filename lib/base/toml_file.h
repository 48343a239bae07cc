// A TOML data file -> toml++ tables, with faults told as DataError.
#ifndef PLAINBOUNCE_LIB_BASE_TOML_FILE_H_
#define PLAINBOUNCE_LIB_BASE_TOML_FILE_H_

#include <toml++/toml.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// Throws DataError where the text is no TOML.
toml::table parse_toml(std::string_view file, std::string_view text);

// The tables of [[name]]; empty: none. Throws where the file holds any other top-level key.
std::vector<const toml::table*> array_of_tables(std::string_view file, const toml::table& root,
                                                std::string_view name);

// Throws where `table` has a key that isn't in `known`, naming it.
void check_keys(std::string_view file, const toml::table& table,
                std::initializer_list<std::string_view> known);

// The values of `key`; empty or false: absent. Throw where it has another type.
std::string string_of(std::string_view file, const toml::table& table, std::string_view key);
bool bool_of(std::string_view file, const toml::table& table, std::string_view key);
std::vector<std::string> strings_of(std::string_view file, const toml::table& table,
                                    std::string_view key);

// The line where a node begins, from 1.
int line_of(const toml::node& node);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_TOML_FILE_H_
