#include "lib/explain/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/judge.h"
#include "lib/diagnosis/second_reader.h"
#include "lib/notice/display.h"
#include "lib/reply/pasted_text.h"
#include "lib/reply/reply_layers.h"

namespace plainbounce {
namespace {

constexpr std::size_t kCausesShown = 3;
constexpr std::size_t kFeaturesShown = 8;
constexpr float kLeastShown = 0.01F;

std::string_view or_dash(std::string_view text) { return text.empty() ? "-" : text; }

// The lines of the trace. A server's words can't begin another, or turn or colour a terminal.
class Lines {
 public:
  template <typename... Arguments>
  void add(std::string_view name, fmt::format_string<Arguments...> form, Arguments&&... arguments) {
    const std::string told = fmt::format(form, std::forward<Arguments>(arguments)...);
    text_ += fmt::format("{:<8} {}\n", name, visible(told, kMaxReplyText));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void trace_layers(std::string_view text, Lines& lines) {
  for (const ReplyLayer& layer : read_layers(text)) {
    std::string who;
    for (const auto& [name, value] :
         {std::pair<const char*, const std::string&>{"host", layer.host},
          {"address", layer.address},
          {"command", layer.command},
          {"code", layer.code}}) {
      if (!value.empty()) fmt::format_to(std::back_inserter(who), " {}={}", name, value);
    }
    if (!layer.frame.empty()) lines.add("frame", "{}{}", layer.frame, who);
    lines.add("layer", "{}", layer.text);
  }
}

void trace_codes(const Hearing& hearing, std::string_view provider, const Knowledge& knowledge,
                 Lines& lines) {
  lines.add("codes", "reply={} status={} stage={} host={} provider={}", hearing.reply.code,
            hearing.status ? to_string(*hearing.status) : "-", or_dash(id_of(hearing.reply.stage)),
            or_dash(hearing.reply.host), or_dash(provider));
  if (const ReplyCodeEntry* const row = knowledge.codes().reply_code(hearing.reply.code)) {
    if (row->cause) {
      lines.add("code", "reply:{} {} {}", hearing.reply.code, id_of(*row->cause),
                id_of(row->reliability));
    }
  }
  if (!hearing.status) return;
  for (const StatusCodeEntry* const row :
       knowledge.codes().status_code(*hearing.status, provider)) {
    const auto cause = row->cause_for_class(hearing.status->status_class);
    if (!cause) continue;
    lines.add("code", "status:{} {} {} {}", to_string(*hearing.status), id_of(*cause),
              id_of(row->reliability), or_dash(row->provider));
  }
}

void trace_model(const Hearing& hearing, std::string_view provider, const Verdict& by_rules,
                 const CauseModel& model, Lines& lines) {
  const std::vector<NamedFeature> features = named_features(hearing, provider, &by_rules);
  const CauseProbabilities probabilities =
      model.probabilities(weighted_features(hearing, provider, &by_rules));
  std::vector<std::size_t> order(kCauseCount);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] > probabilities[b];
  });
  for (std::size_t i = 0; i < kCausesShown && probabilities[order[i]] >= kLeastShown; ++i) {
    lines.add("model", "{} {:.2f}", id_of(static_cast<Cause>(order[i])), probabilities[order[i]]);
  }
  const auto best = static_cast<Cause>(order.front());
  std::vector<std::pair<float, std::string>> weights;
  for (const NamedFeature& feature : features) {
    const float weight = feature.value * model.weight(feature_of(feature.name), best);
    if (weight != 0) weights.emplace_back(weight, feature.name);
  }
  std::stable_sort(weights.begin(), weights.end(), [](const auto& a, const auto& b) {
    return std::fabs(a.first) > std::fabs(b.first);
  });
  if (weights.size() > kFeaturesShown) weights.resize(kFeaturesShown);
  for (const auto& [weight, name] : weights) lines.add("weight", "{:+.2f} \"{}\"", weight, name);
}

std::string told(const Verdict& verdict) {
  return fmt::format("{} {} {}", id_of(verdict.cause), id_of(verdict.confidence),
                     to_string(verdict.evidence));
}

}  // namespace

std::string trace(std::string_view text, std::string_view host, const Knowledge& knowledge) {
  const Hearing hearing = hear_pasted(text);
  const std::string provider = provider_of(hearing, host, knowledge);
  Lines lines;
  trace_layers(hearing.reply.text, lines);
  for (const HeardText& heard : hearing.texts) lines.add("heard", "{}", heard.text());
  trace_codes(hearing, provider, knowledge, lines);
  const Verdict by_rules = judge_by_rules(hearing, provider, knowledge);
  for (const Rule* const rule : by_rules.rules) {
    lines.add("rule", "{} {} {} {}", rule->id, id_of(rule->cause), id_of(rule->strength),
              id_of(rule->tier));
  }
  lines.add("rules", "{}", told(by_rules));
  if (!knowledge.cause_model().empty()) {
    trace_model(hearing, provider, by_rules, knowledge.cause_model(), lines);
  }
  lines.add("verdict", "{}", told(judge(hearing, provider, knowledge)));
  return lines.take();
}

}  // namespace plainbounce
