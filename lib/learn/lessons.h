// Labelled replies -> a model, and how well it does on replies that it wasn't taught.
#ifndef PLAINBOUNCE_LIB_LEARN_LESSONS_H_
#define PLAINBOUNCE_LIB_LEARN_LESSONS_H_

#include <span>
#include <vector>

#include "lib/diagnosis/judge.h"
#include "lib/knowledge/knowledge.h"
#include "lib/learn/labelled_replies.h"
#include "lib/learn/train.h"

namespace plainbounce {

// One row for each reply, in order. Rules and codes of `knowledge` are asked of those that they
// weren't written from.
std::vector<TrainingRow> make_lessons(std::span<const LabelledReply> replies,
                                      const Knowledge& knowledge);

// A reply that was held out, and what was made of it.
struct Judged {
  const LabelledReply* reply = nullptr;
  Verdict verdict;
  float probability = 0;  // of the verdict's cause, as the model has it
  bool by_model = false;  // the model was asked: no rule had the last word
};

// Each reply whose source isn't "own" and that rules weren't written from, judged with a model of
// all replies but those of its part of the sources. The sources are divided into `parts` by their
// names. `knowledge` is left without a model.
std::vector<Judged> cross_validate(std::span<const LabelledReply> replies, int parts,
                                   Knowledge& knowledge);

// By replies of servers (kind "wire") that were held out: at most one of 200 that are certain is
// wrong, and one of 16 of those that are likely.
Calibration calibrate(std::span<const Judged> judged);

// Sets the verdicts' confidence to what it is with that calibration.
void recalibrate(const Calibration& calibration, std::span<Judged> judged);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_LEARN_LESSONS_H_
