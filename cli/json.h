// Diagnosis -> the command line's JSON (plainbounce(1) documents it; its keys are stable).
#ifndef PLAINBOUNCE_CLI_JSON_H_
#define PLAINBOUNCE_CLI_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "lib/diagnosis/diagnosis.h"
#include "lib/report/report.h"

namespace plainbounce {

// Keeps the order in which keys are added.
using Json = nlohmann::ordered_json;

// One element of "recipients".
Json recipient_json(const RecipientDiagnosis& recipient);

// What a bare reply gives: the same without address and action.
Json reply_json(const RecipientDiagnosis& recipient);

// One line, ended by "\n". Bytes that aren't UTF-8 become U+FFFD.
std::string json_line(const Json& json);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_JSON_H_
