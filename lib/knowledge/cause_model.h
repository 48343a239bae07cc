// The learned reader: a reply's features -> how much they speak for each cause.
//
// A linear model, made of labelled replies by `plainbounce learn`; the built-in one is
// cause-model.bin, made of replies.tsv. Each cause has a weight for some of the features.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_MODEL_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/cause.h"
#include "lib/reply/reply_features.h"

namespace plainbounce {

// For each cause, from 0 to 1; together 1, or 0 where none is possible.
using CauseProbabilities = std::array<float, kCauseCount>;

// Features and how much each counts.
struct WeightedFeature {
  Feature feature = 0;
  float value = 0;
};

// From which probability on a cause is certain, and likely: measured on replies that were held out.
struct Calibration {
  float certain = 1;
  float likely = 1;
};

class CauseModel {
 public:
  // Weights of one feature, before and after storing.
  struct CauseWeight {
    std::uint8_t cause = 0;  // a Cause
    std::int8_t weight = 0;  // in units of `unit`
  };
  struct Parameters {
    float unit = 0;
    Calibration calibration;
    std::array<float, kCauseCount> bias{};
    std::vector<Feature> features;                  // ascending
    std::vector<std::vector<CauseWeight>> weights;  // for each of them
  };

  // Nothing is known: every cause is as likely as another.
  CauseModel() = default;
  explicit CauseModel(const Parameters& parameters);

  // Reads what to_bytes() wrote. Throws DataError: it is no model, is cut off, or names a cause
  // that doesn't exist.
  static CauseModel parse(std::string_view file, std::string_view bytes);

  // The file's form: the ids of its causes stand in it, so that it outlives their order.
  static std::string to_bytes(const Parameters& parameters);

  CauseProbabilities probabilities(std::span<const WeightedFeature> features) const;

  // How much one feature speaks for `cause`; 0: it isn't known, or says nothing of it.
  float weight(Feature feature, Cause cause) const;

  const Calibration& calibration() const { return calibration_; }

  bool empty() const { return slots_.empty(); }

  // Has it ever been taught a reply of that cause?
  bool knows(Cause cause) const;

 private:
  struct Slot {
    Feature feature = 0;
    std::uint32_t first = 0;  // in weights_
    std::uint32_t count = 0;  // 0: an empty slot
  };
  const Slot* find(Feature feature) const;

  float unit_ = 0;
  Calibration calibration_;
  std::array<float, kCauseCount> bias_{};
  std::vector<CauseWeight> weights_;
  std::vector<Slot> slots_;  // a hash table, a power of two long, at most half full
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_MODEL_H_
