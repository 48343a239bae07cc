#include "lib/base/toml_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lib/base/data_error.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

[[noreturn]] void fail_type(std::string_view file, const toml::node& node, std::string_view key,
                            std::string_view expected) {
  fail_at(file, line_of(node), fmt::format("{}: expected {}", key, expected));
}

}  // namespace

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

toml::table parse_toml(std::string_view file, std::string_view text) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    fail_at(file, static_cast<int>(error.source().begin.line), error.description());
  }
}

std::vector<const toml::table*> array_of_tables(std::string_view file, const toml::table& root,
                                                std::string_view name) {
  check_keys(file, root, {name});
  std::vector<const toml::table*> tables;
  const toml::node* const node = root.get(name);
  if (node == nullptr) return tables;
  const toml::array* const array = node->as_array();
  if (array == nullptr) fail_type(file, *node, name, fmt::format("[[{}]] tables", name));
  for (const toml::node& element : *array) {
    const toml::table* const table = element.as_table();
    if (table == nullptr) fail_type(file, element, name, "a table");
    tables.push_back(table);
  }
  return tables;
}

void check_keys(std::string_view file, const toml::table& table,
                std::initializer_list<std::string_view> known) {
  for (const auto& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
      fail_at(file, line_of(node),
              fmt::format("unknown key \"{}\", expected one of: {}", key.str(),
                          fmt::join(known, ", ")));
    }
  }
}

std::string string_of(std::string_view file, const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return {};
  const auto value = node->value_exact<std::string>();
  if (!value) fail_type(file, *node, key, "a string");
  return *value;
}

bool bool_of(std::string_view file, const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return false;
  const auto value = node->value_exact<bool>();
  if (!value) fail_type(file, *node, key, "true or false");
  return *value;
}

std::vector<std::string> strings_of(std::string_view file, const toml::table& table,
                                    std::string_view key) {
  std::vector<std::string> values;
  const toml::node* const node = table.get(key);
  if (node == nullptr) return values;
  const toml::array* const array = node->as_array();
  if (array == nullptr) fail_type(file, *node, key, "an array of strings");
  for (const toml::node& element : *array) {
    const auto value = element.value_exact<std::string>();
    if (!value) fail_type(file, element, key, "strings");
    values.push_back(*value);
  }
  return values;
}

}  // namespace plainbounce
