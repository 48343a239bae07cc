// Labelled replies, as features -> a model that knows them and their like.
#ifndef PLAINBOUNCE_LIB_LEARN_TRAIN_H_
#define PLAINBOUNCE_LIB_LEARN_TRAIN_H_

#include <cstddef>
#include <span>
#include <vector>

#include "lib/knowledge/cause.h"
#include "lib/knowledge/cause_model.h"

namespace plainbounce {

// One labelled reply.
struct TrainingRow {
  Cause cause = Cause::kUnexplained;
  std::vector<WeightedFeature> features;  // each once
  int weight = 1;                         // how many times it counts
};

// Features that fewer replies have than this say nothing of any other reply.
inline constexpr std::size_t kMinReplies = 2;
// Weights that are kept, the largest: more don't make it better, only longer.
inline constexpr std::size_t kMaxWeights = 160000;

// One against all others, for each cause: logistic regression (liblinear's L2R_LR). At least three
// causes. The same rows in the same order give the same parameters. Takes up to a minute for 10,000
// rows.
CauseModel::Parameters train(std::span<const TrainingRow> rows);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_LEARN_TRAIN_H_
