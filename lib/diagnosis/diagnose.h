// Report -> Diagnosis.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSE_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSE_H_

#include <stop_token>
#include <string>
#include <string_view>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/reply/hearing.h"
#include "lib/report/report.h"

namespace plainbounce {

// Judges every recipient of a report. Total and thread-safe. Throws Stopped
// (lib/base/stop.h).
Diagnosis diagnose(const Report& report, const Knowledge& knowledge,
                   const std::stop_token& stop = {});

// Judges a bare reply or code, as somebody pastes it (hear_pasted() in lib/reply/hearing.h).
// `host`: the server that gave it, where known.
RecipientDiagnosis diagnose_text(std::string_view text, std::string_view host,
                                 const Knowledge& knowledge);

// The provider that diagnose_text() judges such a reply by; empty: unknown.
std::string provider_of(const Hearing& hearing, std::string_view host, const Knowledge& knowledge);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSE_H_
