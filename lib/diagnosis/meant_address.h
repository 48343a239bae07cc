// The recipients of a diagnosis -> the addresses that were probably meant.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_MEANT_ADDRESS_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_MEANT_ADDRESS_H_

#include <stop_token>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/report/report.h"

namespace plainbounce {

// Fills Facts::meant_address of every recipient whose domain is the trouble, or may be (the column
// domain of causes.tsv). Candidates
// are the well-known domains, the house's, those of the message's other recipients that had no such
// trouble, and the sender's.
void fill_meant_addresses(const Report& report, const Knowledge& knowledge, Diagnosis& diagnosis,
                          const std::stop_token& stop = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_MEANT_ADDRESS_H_
