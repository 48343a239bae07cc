#include "lib/diagnosis/diagnose.h"

namespace plainbounce {
Diagnosis diagnose(const Report&, const Knowledge&) { return {}; }
RecipientDiagnosis diagnose_text(std::string_view, std::string_view, const Knowledge&) {
  return {};
}
std::string_view confidence_id(Confidence) { return "unsure"; }
}  // namespace plainbounce
