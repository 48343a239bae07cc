#include "lib/notice/code_meaning.h"

#include <fmt/format.h>

#include <optional>

namespace plainbounce {
namespace {

std::string say_row(std::string_view key, const std::string& code, const auto& row,
                    const std::string& provider, const Phrases& phrases) {
  return phrases.say(key, {{"code", code},
                           {"meaning", row.meaning},
                           {"standard", row.standard},
                           {"explanation", row.explanation},
                           {"provider", provider}});
}

std::string say_suggestion(std::optional<Cause> cause, Reliability reliability,
                           const Phrases& phrases) {
  if (!cause || *cause == Cause::kUnexplained) return phrases.say("explain.suggests.nothing");
  return phrases.say(fmt::format("explain.suggests.{}", reliability_id(reliability)),
                     {{"cause_id", std::string(cause_id(*cause))}});
}

}  // namespace

std::string say_meaning(const ReplyCodeEntry& row, const Phrases& phrases) {
  return say_row("explain.code", fmt::format("{:03}", row.code), row, "", phrases);
}

std::string say_meaning(const StatusCodeEntry& row, const std::string& code,
                        const Knowledge& knowledge, const Phrases& phrases) {
  const Provider* const provider = knowledge.providers().by_id(row.provider);
  if (provider == nullptr) return say_row("explain.code", code, row, "", phrases);
  return say_row("explain.code_at", code, row, provider->name, phrases);
}

std::string say_unknown(const std::string& code, const Phrases& phrases) {
  return phrases.say("explain.unknown_code", {{"code", code}});
}

std::string say_cause(const ReplyCodeEntry& row, const Phrases& phrases) {
  return say_suggestion(row.cause, row.reliability, phrases);
}

std::string say_cause(const StatusCodeEntry& row, const Phrases& phrases) {
  std::string sentence = say_suggestion(row.cause, row.reliability, phrases);
  const auto& temporary = row.cause_if_temporary;
  if (!temporary || temporary == row.cause) return sentence;
  return phrases.join(sentence, phrases.say("explain.suggests.temporary",
                                            {{"cause_id", std::string(cause_id(*temporary))}}));
}

}  // namespace plainbounce
