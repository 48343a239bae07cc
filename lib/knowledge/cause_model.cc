#include "lib/knowledge/cause_model.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "lib/base/data_error.h"

namespace plainbounce {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's numbers are little-endian");

constexpr std::string_view kMagic = "plainbounce model 1\n";

template <typename Number>
void append(std::string& out, Number number) {
  char bytes[sizeof(Number)];
  std::memcpy(bytes, &number, sizeof(Number));
  out.append(bytes, sizeof(Number));
}

// Takes numbers and texts from the front of a file.
class Reader {
 public:
  Reader(std::string_view file, std::string_view bytes) : file_(file), bytes_(bytes) {}

  std::string_view take(std::size_t length) {
    if (length > bytes_.size()) fail("it is cut off");
    const std::string_view taken = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return taken;
  }

  template <typename Number>
  Number number() {
    Number number;
    std::memcpy(&number, take(sizeof(Number)).data(), sizeof(Number));
    return number;
  }

  bool at_end() const { return bytes_.empty(); }

  [[noreturn]] void fail(std::string_view what) const {
    throw DataError(fmt::format("{}: no model of plainbounce: {}", file_, what));
  }

 private:
  std::string_view file_;
  std::string_view bytes_;
};

// The file's numbers for causes -> ours.
std::vector<std::uint8_t> read_causes(Reader& in, CauseModel::Parameters& parameters) {
  std::vector<std::uint8_t> causes(in.number<std::uint8_t>());
  for (std::uint8_t& cause : causes) {
    const std::string_view id = in.take(in.number<std::uint8_t>());
    const auto known = parse_id<Cause>(id);
    if (!known) in.fail(fmt::format("cause \"{}\" doesn't exist", id));
    cause = static_cast<std::uint8_t>(*known);
    parameters.bias[cause] = in.number<float>();
  }
  return causes;
}

std::size_t slots_for(std::size_t features) { return std::bit_ceil(features * 2 + 1); }

}  // namespace

CauseModel::CauseModel(const Parameters& parameters)
    : unit_(parameters.unit),
      calibration_(parameters.calibration),
      bias_(parameters.bias),
      slots_(slots_for(parameters.features.size())) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < parameters.features.size(); ++i) {
    const auto& weights = parameters.weights[i];
    if (weights.empty()) continue;
    std::size_t slot = parameters.features[i] & mask;
    while (slots_[slot].count != 0) slot = (slot + 1) & mask;
    slots_[slot] = {parameters.features[i], static_cast<std::uint32_t>(weights_.size()),
                    static_cast<std::uint32_t>(weights.size())};
    weights_.insert(weights_.end(), weights.begin(), weights.end());
  }
}

std::string CauseModel::to_bytes(const Parameters& parameters) {
  std::string out(kMagic);
  append(out, parameters.unit);
  append(out, parameters.calibration.certain);
  append(out, parameters.calibration.likely);
  append(out, static_cast<std::uint8_t>(kCauseCount));
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    const std::string_view id = id_of(static_cast<Cause>(i));
    append(out, static_cast<std::uint8_t>(id.size()));
    out.append(id);
    append(out, parameters.bias[i]);
  }
  append(out, static_cast<std::uint32_t>(parameters.features.size()));
  for (std::size_t i = 0; i < parameters.features.size(); ++i) {
    append(out, parameters.features[i]);
    append(out, static_cast<std::uint8_t>(parameters.weights[i].size()));
    for (const CauseWeight& weight : parameters.weights[i]) {
      append(out, weight.cause);
      append(out, weight.weight);
    }
  }
  return out;
}

CauseModel CauseModel::parse(std::string_view file, std::string_view bytes) {
  Reader in(file, bytes);
  if (!bytes.starts_with(kMagic)) in.fail("it begins otherwise");
  in.take(kMagic.size());
  Parameters parameters;
  parameters.unit = in.number<float>();
  parameters.calibration.certain = in.number<float>();
  parameters.calibration.likely = in.number<float>();
  // A cause that the file doesn't know is never named.
  parameters.bias.fill(-std::numeric_limits<float>::max());
  const std::vector<std::uint8_t> causes = read_causes(in, parameters);
  for (auto left = in.number<std::uint32_t>(); left > 0; --left) {
    parameters.features.push_back(in.number<Feature>());
    auto& weights = parameters.weights.emplace_back(in.number<std::uint8_t>());
    for (CauseWeight& weight : weights) {
      const auto cause = in.number<std::uint8_t>();
      if (cause >= causes.size()) in.fail(fmt::format("it has no cause {}", cause));
      weight = {causes[cause], in.number<std::int8_t>()};
    }
  }
  if (!in.at_end()) in.fail("something follows its end");
  return CauseModel(parameters);
}

bool CauseModel::knows(Cause cause) const {
  return bias_[static_cast<std::size_t>(cause)] > std::numeric_limits<float>::lowest();
}

const CauseModel::Slot* CauseModel::find(Feature feature) const {
  if (slots_.empty()) return nullptr;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = feature & mask; slots_[slot].count != 0; slot = (slot + 1) & mask) {
    if (slots_[slot].feature == feature) return &slots_[slot];
  }
  return nullptr;
}

CauseProbabilities CauseModel::probabilities(std::span<const WeightedFeature> features) const {
  CauseProbabilities scores = bias_;
  for (const auto& [feature, value] : features) {
    const Slot* const slot = find(feature);
    if (slot == nullptr) continue;
    const float factor = value * unit_;
    for (std::uint32_t i = slot->first; i < slot->first + slot->count; ++i) {
      scores[weights_[i].cause] += factor * static_cast<float>(weights_[i].weight);
    }
  }
  float sum = 0;
  for (float& score : scores) sum += score = 1 / (1 + std::exp(-score));
  if (sum > 0) {
    for (float& score : scores) score /= sum;
  }
  return scores;
}

float CauseModel::weight(Feature feature, Cause cause) const {
  const Slot* const slot = find(feature);
  if (slot == nullptr) return 0;
  for (std::uint32_t i = slot->first; i < slot->first + slot->count; ++i) {
    if (weights_[i].cause == static_cast<std::uint8_t>(cause)) {
      return unit_ * static_cast<float>(weights_[i].weight);
    }
  }
  return 0;
}

}  // namespace plainbounce
