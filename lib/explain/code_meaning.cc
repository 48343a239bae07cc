#include "lib/explain/code_meaning.h"

#include <fmt/format.h>

#include <optional>

namespace plainbounce {
namespace {

std::string say_row(std::string_view key, const std::string& code, const auto& row,
                    const std::string& provider, const Speaker& speaker) {
  return speaker.say(key, {{"code", code},
                           {"meaning", row.meaning},
                           {"standard", row.standard},
                           {"explanation", row.explanation},
                           {"provider", provider}});
}

std::string say_suggestion(std::optional<Cause> cause, Reliability reliability,
                           const Speaker& speaker) {
  if (!cause || *cause == Cause::kUnexplained) return speaker.say("explain.suggests.nothing");
  return speaker.say(fmt::format("explain.suggests.{}", id_of(reliability)),
                     {{"cause_id", std::string(id_of(*cause))}});
}

}  // namespace

std::string say_meaning(const ReplyCodeEntry& row, const Speaker& speaker) {
  return say_row("explain.code", fmt::format("{:03}", row.code), row, "", speaker);
}

std::string say_meaning(const StatusCodeEntry& row, const std::string& code,
                        const Knowledge& knowledge, const Speaker& speaker) {
  const Provider* const provider = knowledge.providers().by_id(row.provider);
  if (provider == nullptr) return say_row("explain.code", code, row, "", speaker);
  return say_row("explain.code_at", code, row, provider->name, speaker);
}

std::string say_unknown(const std::string& code, const Speaker& speaker) {
  return speaker.say("explain.unknown_code", {{"code", code}});
}

std::string say_cause(const ReplyCodeEntry& row, const Speaker& speaker) {
  return say_suggestion(row.cause, row.reliability, speaker);
}

std::string say_cause(const StatusCodeEntry& row, const Speaker& speaker) {
  std::string sentence = say_suggestion(row.cause, row.reliability, speaker);
  const auto& temporary = row.cause_if_temporary;
  if (!temporary || temporary == row.cause) return sentence;
  return speaker.join(sentence, speaker.say("explain.suggests.temporary",
                                            {{"cause_id", std::string(id_of(*temporary))}}));
}

}  // namespace plainbounce
