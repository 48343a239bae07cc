// Any bytes as a conf file: what is wrong with it is said with file and line; one that is taken can
// be used.
#include "lib/config/config.h"
#include "lib/config/config_values.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

void check_values(const Config& config) {
  require(config.max_sessions > 0);
  require(config.workers >= 0 && config.workers <= 64);
  require(config.max_message_size >= 1024 && config.max_message_size <= std::size_t{1} << 30);
  require(config.max_memory >= std::size_t{1} << 20);
  require(config.time_budget.count() > 0 && config.max_silence.count() > 0);
  require((config.socket_mode & ~mode_t{0666}) == 0);
  require(parse_listen_address(to_string(config.listen)) == config.listen);
  require(is_language_tag(config.house.language));
  for (const std::string& domain : config.policy.own_domains) require(is_domain_name(domain));
}

// The bounce is rewritten with it, or left alone.
void check_use(const Config& config) {
  const Rewrite result = rewrite(kBounce, {}, config.policy, config.house, resources());
  if (!result.edit) return;
  require(is_ascii(result.edit->replacement));
  check_headers(*result.edit);
  check_bytes(kBounce, apply_edit(kBounce, *result.edit), *result.edit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const CostBound bound(size);
  try {
    const Config config = parse_config("x.conf", text_of(data, size));
    check_values(config);
    check_use(config);
  } catch (const ConfigError& error) {
    require_places(error.what(), "x.conf");
  }
  return 0;
}
