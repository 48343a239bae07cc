#include "lib/learn/train.h"

#include <linear.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <unordered_map>

namespace plainbounce {
namespace {

// How closely the replies are followed; found by holding out sources (docs/accuracy.md).
constexpr double kCloseness = 30;
constexpr double kPrecision = 0.01;

// The features that enough rows have, ascending, and their numbers for liblinear, from 1.
struct Vocabulary {
  std::vector<Feature> features;
  std::unordered_map<Feature, int> numbers;
};

Vocabulary read_vocabulary(std::span<const TrainingRow> rows) {
  std::unordered_map<Feature, std::size_t> counts;
  for (const TrainingRow& row : rows) {
    for (const WeightedFeature& weighted : row.features) ++counts[weighted.feature];
  }
  Vocabulary vocabulary;
  for (const auto& [feature, count] : counts) {
    if (count >= kMinReplies) vocabulary.features.push_back(feature);
  }
  std::sort(vocabulary.features.begin(), vocabulary.features.end());
  for (std::size_t i = 0; i < vocabulary.features.size(); ++i) {
    vocabulary.numbers[vocabulary.features[i]] = static_cast<int>(i) + 1;
  }
  return vocabulary;
}

// The rows as liblinear takes them: pairs of a feature's number and value, ascending, ended by -1;
// the bias is one more feature.
struct Problem {
  std::vector<std::vector<feature_node>> nodes;
  std::vector<feature_node*> starts;
  std::vector<double> labels;
  problem raw{};
};

std::vector<feature_node> read_row(const TrainingRow& row, const Vocabulary& vocabulary) {
  std::vector<feature_node> nodes;
  for (const auto& [feature, value] : row.features) {
    const auto number = vocabulary.numbers.find(feature);
    if (number != vocabulary.numbers.end()) nodes.push_back({number->second, value});
  }
  std::sort(nodes.begin(), nodes.end(),
            [](const feature_node& a, const feature_node& b) { return a.index < b.index; });
  nodes.push_back({static_cast<int>(vocabulary.features.size()) + 1, 1});
  nodes.push_back({-1, 0});
  return nodes;
}

void read_rows(std::span<const TrainingRow> rows, const Vocabulary& vocabulary, Problem& problem) {
  for (const TrainingRow& row : rows) {
    problem.nodes.push_back(read_row(row, vocabulary));
    // liblinear has no weights of rows: one that counts more is there more than once.
    for (int i = 0; i < row.weight; ++i) {
      problem.starts.push_back(problem.nodes.back().data());
      problem.labels.push_back(static_cast<double>(row.cause));
    }
  }
  problem.raw.l = static_cast<int>(problem.starts.size());
  problem.raw.n = static_cast<int>(vocabulary.features.size()) + 1;
  problem.raw.y = problem.labels.data();
  problem.raw.x = problem.starts.data();
  problem.raw.bias = 1;
}

struct FreeModel {
  void operator()(model* done) const { free_and_destroy_model(&done); }
};
using Model = std::unique_ptr<model, FreeModel>;

Model solve(const Problem& problem) {
  parameter parameter{};
  parameter.solver_type = L2R_LR;
  parameter.C = kCloseness;
  parameter.eps = kPrecision;
  set_print_string_function([](const char*) {});
  return Model(::train(&problem.raw, &parameter));
}

// The weight that the least of the kMaxWeights largest has; 0: there are no more than that.
double least_kept(const Model& model, std::size_t features) {
  std::vector<double> sizes(features * static_cast<std::size_t>(model->nr_class));
  std::transform(model->w, model->w + sizes.size(), sizes.begin(),
                 [](double weight) { return std::fabs(weight); });
  if (sizes.size() <= kMaxWeights) return 0;
  const auto least = sizes.begin() + static_cast<std::ptrdiff_t>(kMaxWeights);
  std::nth_element(sizes.begin(), least, sizes.end(), std::greater<>());
  return *least;
}

CauseModel::Parameters store(const Model& model, Vocabulary vocabulary) {
  const std::size_t features = vocabulary.features.size();
  const auto classes = static_cast<std::size_t>(model->nr_class);
  double* const end = model->w + features * classes;
  const double least = least_kept(model, features);
  const double largest = std::fabs(*std::max_element(
      model->w, end, [](double a, double b) { return std::fabs(a) < std::fabs(b); }));
  CauseModel::Parameters parameters;
  parameters.unit = static_cast<float>(largest / std::numeric_limits<std::int8_t>::max());
  // A cause of which there is no reply is never named.
  parameters.bias.fill(-std::numeric_limits<float>::max());
  for (std::size_t i = 0; i < classes; ++i) {
    parameters.bias[static_cast<std::size_t>(model->label[i])] = static_cast<float>(end[i]);
  }
  parameters.features = std::move(vocabulary.features);
  for (std::size_t feature = 0; feature < features; ++feature) {
    auto& weights = parameters.weights.emplace_back();
    for (std::size_t i = 0; i < classes; ++i) {
      const double weight = model->w[feature * classes + i];
      const double units = std::round(weight / parameters.unit);
      if (std::fabs(weight) < least || units == 0) continue;
      weights.push_back(
          {static_cast<std::uint8_t>(model->label[i]), static_cast<std::int8_t>(units)});
    }
  }
  return parameters;
}

}  // namespace

CauseModel::Parameters train(std::span<const TrainingRow> rows) {
  Vocabulary vocabulary = read_vocabulary(rows);
  Problem problem;
  read_rows(rows, vocabulary, problem);
  return store(solve(problem), std::move(vocabulary));
}

}  // namespace plainbounce
