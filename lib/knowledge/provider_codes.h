// provider-codes.tsv, the short codes in providers' replies ("OFR_416", "[TSS04]") -> rules that
// hear them.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_PROVIDER_CODES_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_PROVIDER_CODES_H_

#include <string_view>
#include <vector>

#include "lib/knowledge/providers.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {

// One for each row, in order: id "code-OFR*_416", with the row's example. What a row means beside
// its cause is for those who read the table. Throws DataError: a fault of the file, an unknown
// cause or provider.
std::vector<Rule> parse_provider_codes(std::string_view file, std::string_view tsv,
                                       const Providers& providers);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_PROVIDER_CODES_H_
