#include "lib/learn/lessons.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include "lib/base/fnv.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/second_reader.h"

namespace plainbounce {
namespace {

// What was seen in the wild counts more than what was made up.
constexpr int kOwnWeight = 1;
constexpr int kFoundWeight = 3;
constexpr double kMaxWrongCertain = 1.0 / 200;
// One of 16 with those that are raised to it (at_least_likely()).
constexpr double kMaxWrongLikely = 1.0 / 18;

// What is known of a reply before it is judged.
struct Heard {
  Hearing hearing;
  std::string provider;
};

Heard hear_labelled(const LabelledReply& reply, const Knowledge& knowledge) {
  Heard heard{hear_pasted(reply.text), {}};
  heard.provider = provider_of(heard.hearing, reply.host, knowledge);
  return heard;
}

int part_of(const LabelledReply& reply, int parts) {
  Fnv1a hash;
  hash.add(reply.source.empty() ? reply.text : reply.source);
  return static_cast<int>((hash.value() >> 32) % static_cast<std::uint64_t>(parts));
}

bool is_measured(const LabelledReply& reply) {
  return reply.source != "own" && !is_known_to_rules(reply);
}

// The share of wrong ones among those from `begin` to before `end`, by how probable they are, each
// time one more is taken; the last place where it is within `most`.
std::size_t reach(std::span<const std::pair<float, bool>> sorted, std::size_t begin, double most) {
  std::size_t wrong = 0;
  std::size_t reached = begin;
  for (std::size_t i = begin; i < sorted.size(); ++i) {
    wrong += sorted[i].second ? 0 : 1;
    const bool tie = i + 1 < sorted.size() && sorted[i + 1].first == sorted[i].first;
    if (!tie && static_cast<double>(wrong) <= most * static_cast<double>(i + 1 - begin)) {
      reached = i + 1;
    }
  }
  return reached;
}

bool is_held_out(const LabelledReply& reply, int part, int parts) {
  return is_measured(reply) && part_of(reply, parts) == part;
}

std::vector<TrainingRow> rows_of_others(std::span<const LabelledReply> replies,
                                        std::span<const TrainingRow> rows, int part, int parts) {
  std::vector<TrainingRow> others;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_held_out(replies[i], part, parts)) others.push_back(rows[i]);
  }
  return others;
}

void judge_part(std::span<const LabelledReply> replies, int part, int parts,
                const Knowledge& knowledge, std::vector<Judged>& judged) {
  for (const LabelledReply& reply : replies) {
    if (!is_held_out(reply, part, parts)) continue;
    const Heard heard = hear_labelled(reply, knowledge);
    Judged& one = judged.emplace_back();
    one.reply = &reply;
    one.verdict = judge(heard.hearing, heard.provider, knowledge);
    one.probability = one.verdict.probability;
    one.by_model = one.probability > 0;
  }
}

}  // namespace

std::vector<TrainingRow> make_lessons(std::span<const LabelledReply> replies,
                                      const Knowledge& knowledge) {
  std::vector<TrainingRow> rows;
  rows.reserve(replies.size());
  for (const LabelledReply& reply : replies) {
    const Heard heard = hear_labelled(reply, knowledge);
    TrainingRow& row = rows.emplace_back();
    row.cause = reply.cause;
    row.weight = reply.source == "own" ? kOwnWeight : kFoundWeight;
    if (is_known_to_rules(reply)) {
      row.features = weighted_features(heard.hearing, heard.provider, nullptr);
    } else {
      const Verdict by_rules = judge_by_rules(heard.hearing, heard.provider, knowledge);
      row.features = weighted_features(heard.hearing, heard.provider, &by_rules);
    }
  }
  return rows;
}

std::vector<Judged> cross_validate(std::span<const LabelledReply> replies, int parts,
                                   Knowledge& knowledge) {
  const std::vector<TrainingRow> rows = make_lessons(replies, knowledge);
  std::vector<CauseModel> models(static_cast<std::size_t>(parts));
  std::atomic<int> next{0};
  const auto work = [&] {
    for (int part = next++; part < parts; part = next++) {
      models[static_cast<std::size_t>(part)] =
          CauseModel(train(rows_of_others(replies, rows, part, parts)));
    }
  };
  std::thread other(work);
  work();
  other.join();
  std::vector<Judged> judged;
  for (int part = 0; part < parts; ++part) {
    knowledge.set_cause_model(std::move(models[static_cast<std::size_t>(part)]));
    judge_part(replies, part, parts, knowledge, judged);
  }
  knowledge.set_cause_model({});
  return judged;
}

Calibration calibrate(std::span<const Judged> judged) {
  std::vector<std::pair<float, bool>> sorted;
  for (const Judged& one : judged) {
    if (one.by_model && one.reply->kind == "wire" && one.verdict.cause != Cause::kUnexplained) {
      sorted.emplace_back(one.probability, is_right(one.verdict.cause, *one.reply));
    }
  }
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const std::size_t certain = reach(sorted, 0, kMaxWrongCertain);
  const std::size_t likely = reach(sorted, certain, kMaxWrongLikely);
  Calibration calibration;
  if (certain > 0) calibration.certain = sorted[certain - 1].first;
  calibration.likely = likely > certain ? sorted[likely - 1].first : calibration.certain;
  return calibration;
}

void recalibrate(const Calibration& calibration, std::span<Judged> judged) {
  for (Judged& one : judged) {
    if (!one.by_model) continue;
    one.verdict.confidence = confidence_of(one.verdict.cause, one.probability, calibration);
    one.verdict.confidence = at_least_likely(one.verdict);
  }
}

}  // namespace plainbounce
