#include "lib/knowledge/providers.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/text.h"
#include "lib/base/toml_file.h"
#include "lib/base/tsv.h"
#include "lib/mail/address.h"

namespace plainbounce {
namespace {

std::shared_ptr<const re2::RE2> compile_signature(std::string_view file, const toml::table& table) {
  const std::string pattern = string_of(file, table, "signature");
  if (pattern.empty()) return nullptr;
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(false);
  auto regex = std::make_shared<re2::RE2>(pattern, options);
  if (!regex->ok()) fail_at(file, line_of(table), fmt::format("signature: {}", regex->error()));
  return regex;
}

}  // namespace

void Providers::load(std::string_view file, std::string_view toml) {
  const toml::table root = parse_toml(file, toml);
  for (const toml::table* const table : array_of_tables(file, root, "provider")) {
    check_keys(file, *table, {"id", "name", "software", "hosts", "signature"});
    Provider provider;
    provider.id = string_of(file, *table, "id");
    provider.name = string_of(file, *table, "name");
    provider.software = bool_of(file, *table, "software");
    provider.hosts = strings_of(file, *table, "hosts");
    provider.signature = compile_signature(file, *table);
    if (provider.id.empty() || provider.name.empty()) {
      fail_at(file, line_of(*table), "a provider needs an id and a name");
    }
    if (by_id(provider.id) != nullptr) {
      fail_at(file, line_of(*table), fmt::format("provider \"{}\" stands twice", provider.id));
    }
    providers_.push_back(std::move(provider));
  }
}

const Provider* Providers::by_id(std::string_view id) const {
  for (const Provider& provider : providers_) {
    if (provider.id == id) return &provider;
  }
  return nullptr;
}

const Provider* Providers::by_host(std::string_view host) const {
  const std::string name = ascii_lower(without_root(host));
  const Provider* best = nullptr;
  std::size_t best_length = 0;
  for (const Provider& provider : providers_) {
    for (const std::string& suffix : provider.hosts) {
      if (suffix.size() > best_length && is_within_domain(name, suffix)) {
        best = &provider;
        best_length = suffix.size();
      }
    }
  }
  return best;
}

const Provider* Providers::by_signature(std::string_view text) const {
  for (const Provider& provider : providers_) {
    if (provider.signature != nullptr && re2::RE2::PartialMatch(text, *provider.signature)) {
      return &provider;
    }
  }
  return nullptr;
}

bool Providers::may_run(std::string_view id, std::string_view host) const {
  host = without_root(host);
  const bool has_name =
      !host.empty() && is_letter(host.back()) && host.find(':') == std::string_view::npos;
  if (!has_name) return true;
  const Provider* const provider = by_host(host);
  return provider != nullptr && provider->id == id;
}

}  // namespace plainbounce
