#include "lib/diagnosis/diagnosis.h"

namespace plainbounce {

std::string_view confidence_id(Confidence confidence) {
  switch (confidence) {
    case Confidence::kCertain:
      return "certain";
    case Confidence::kLikely:
      return "likely";
    case Confidence::kUnsure:
      return "unsure";
  }
  return "unsure";
}

}  // namespace plainbounce
