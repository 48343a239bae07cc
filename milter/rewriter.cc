#include "milter/rewriter.h"

#include <utility>

#include "lib/config/resources.h"

namespace plainbounce {

std::shared_ptr<const Rewriter> load_rewriter(const Config& config) {
  auto resources = std::make_shared<const Resources>(load_resources(config));
  resources->knowledge.prepare();
  auto rewriter = std::make_shared<Rewriter>();
  rewriter->judge_envelope = [policy = config.policy](const Envelope& envelope) {
    return judge_envelope(envelope, policy);
  };
  rewriter->rewrite =
      [policy = config.policy, house = config.house, resources = std::move(resources)](
          std::string_view message, const Envelope& envelope, const std::stop_token& stop) {
        return rewrite(message, envelope, policy, house, *resources, stop);
      };
  rewriter->explains_other_bounces = config.policy.other_bounces == OtherBounces::kExplain;
  rewriter->max_message_size = config.max_message_size;
  rewriter->time_budget = config.time_budget;
  rewriter->observe = config.observe;
  return rewriter;
}

std::shared_ptr<const Rewriter> CurrentRewriter::get() const {
  const std::lock_guard lock(mutex_);
  return rewriter_;
}

void CurrentRewriter::replace(std::shared_ptr<const Rewriter> rewriter) {
  const std::lock_guard lock(mutex_);
  rewriter_.swap(rewriter);
}

}  // namespace plainbounce
