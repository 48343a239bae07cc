// The same words are heard whoever passes them on: every example of every rule, put into what mail
// servers write around a reply, reaches the same rules and gives the same facts.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/judge.h"

namespace plainbounce {
namespace {

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

// {0}: the host, {1}: its reply.
constexpr const char* kFrames[] = {
    "host {0}[203.0.113.77] said: {1} (in reply to RCPT TO command)",
    "delivery temporarily suspended: host {0}[203.0.113.77] said: {1}",
    "host {0} [203.0.113.77] SMTP error from remote mail server after RCPT TO:<x@example.org>: {1}",
    "SMTP error from remote mail server after RCPT TO:<x@example.org>: host {0} [203.0.113.7]: {1}",
    "SMTP error from remote mailer after RCPT TO:<x@example.org>: host {0} [203.0.113.77]: {1}",
    ">>> RCPT To:<x@example.org>\n<<< {1}",
};

// What rules and captures make of a reply.
struct Heard {
  std::set<std::string> rules;
  Captures captures;
};

Heard heard(std::string_view text, const RecipientDiagnosis& found) {
  const Hearing hearing = hear_pasted(text);
  Heard result;
  for (const Rule* const rule :
       matching_rules(hearing, found.facts.provider, knowledge().rules())) {
    result.rules.insert(rule->id);
  }
  result.captures = judge(hearing, found.facts.provider, knowledge()).captures;
  return result;
}

// Is it a server's answer to RCPT, or to a command that isn't named?
bool may_answer_rcpt(const RecipientDiagnosis& found) {
  return found.reply.code != 0 &&
         (found.reply.stage == Stage::kUnknown || found.reply.stage == Stage::kRcpt);
}

// What a rule's example comes to, alone and in every frame.
void try_frames(const RuleExample& example, const RecipientDiagnosis& bare) {
  const Heard expected = heard(bare.reply.text, bare);
  const std::string host = example.host.empty() ? "mx.example.org" : example.host;
  for (const char* const frame : kFrames) {
    const std::string framed = fmt::format(fmt::runtime(frame), host, bare.reply.text);
    const RecipientDiagnosis found = diagnose_text(framed, example.host, knowledge());
    const Heard got = heard(framed, found);
    EXPECT_THAT(got.rules, ::testing::IsSupersetOf(expected.rules)) << framed;
    EXPECT_EQ(got.captures, expected.captures) << framed;
    EXPECT_EQ(id_of(found.cause), id_of(bare.cause))
        << framed << " by " << to_string(found.evidence) << " instead of "
        << to_string(bare.evidence);
  }
}

TEST(FramesTest, WhoPassesAReplyOnChangesNothing) {
  int tried = 0;
  for (const Rule& rule : knowledge().rules().rules()) {
    for (const RuleExample& example : rule.examples) {
      const RecipientDiagnosis bare = diagnose_text(example.text, example.host, knowledge());
      if (!may_answer_rcpt(bare)) continue;
      try_frames(example, bare);
      ++tried;
    }
  }
  EXPECT_GT(tried, 1000);
}

}  // namespace
}  // namespace plainbounce
