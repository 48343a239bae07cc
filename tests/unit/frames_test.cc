// The same words are heard whoever passes them on: what a server said comes to the same cause and
// the same facts in every form in which programs write of it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>

#include "lib/base/ascii.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/judge.h"
#include "lib/learn/labelled_replies.h"
#include "lib/reply/reply_layers.h"

namespace plainbounce {
namespace {

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

// {0}: the host, {1}: its reply. Those of the first group are what mail servers write in the
// Diagnostic-Code and in their logs, the others notices and programs.
constexpr const char* kFrames[] = {
    "host {0}[203.0.113.77] said: {1} (in reply to RCPT TO command)",
    "<x@example.org>: host {0}[203.0.113.77] said: {1} (in reply to RCPT TO command)",
    "<x@example.org>: host {0} said: {1}",
    "<x@example.org>: host 203.0.113.77[203.0.113.77] said: {1} (in reply to RCPT TO command)",
    "[203.0.113.77] said: {1}",
    "delivery temporarily suspended: host {0}[203.0.113.77] said: {1}",
    "host {0} [203.0.113.77] SMTP error from remote mail server after RCPT TO:<x@example.org>: {1}",
    "SMTP error from remote mail server after RCPT TO:<x@example.org>: host {0} [203.0.113.7]: {1}",
    "SMTP error from remote mailer after RCPT TO:<x@example.org>: host {0} [203.0.113.77]: {1}",
    "x@example.org SMTP error from remote server for RCPT TO command, host: {0} (203.0.113.77) "
    "reason: {1}",
    ">>> RCPT To:<x@example.org>\n<<< {1}",
    "... while talking to {0}.:\n>>> RCPT To:<x@example.org>\n<<< {1}",
    "smtp; {1}",
    "Nov 30 03:40:32 mx postfix/smtp[713]: 4bXyzQ: to=<x@example.org>, relay={0}[203.0.113.77]:25, "
    "delay=1, dsn=5.0.0, status=bounced (host {0}[203.0.113.77] said: {1} (in reply to RCPT TO "
    "command))",
    "2026-11-30 03:40:32 1kjAbC-0001Xy-2z ** x@example.org R=dnslookup T=remote_smtp H={0} "
    "[203.0.113.77]: SMTP error from remote mail server after RCPT TO:<x@example.org>: {1}",
    "<x@example.org>: 203.0.113.77 does not like recipient. Remote host said: {1} Giving up on "
    "203.0.113.77.",
    "<x@example.org>: Connected to 203.0.113.77 but the recipient was turned down. Remote host "
    "said: {1}",
    "Remote host said: {1} [RCPT_TO]",
    "(reason: {1})",
    "#< #5.0.0 smtp;{1}> #SMTP#",
    "<{0} #5.0.0 smtp;{1}>",
    "The address couldn't be found. Remote Server at {0} (203.0.113.77) returned '{1}'",
    "Your message may have been turned down by a moderator. Remote Server returned '{1}'",
    "Address not found. Your message wasn't delivered to x@example.org. The response from the "
    "remote server was: {1}",
    "Technical details of the failure: the error that the other server returned was: {1}",
    "Письмо не доставлено. Ответ удаленного сервера: {1}",
    "An error occurred while sending mail. The mail server responded: {1}",
    "com.sun.mail.smtp.SMTPAddressFailedException: {1}",
    "The mail system could not deliver the message to x@example.org. The server answered with: {1}",
};

struct Told {
  Cause cause = Cause::kUnexplained;
  Outcome outcome = Outcome::kFailed;
  Facts facts;
};

Told told(std::string_view text, const std::string& host) {
  RecipientDiagnosis found = diagnose_text(text, host, knowledge());
  return {found.cause, found.outcome, std::move(found.facts)};
}

// Who said it is what frames tell.
bool same_facts(Facts a, Facts b) {
  for (Facts* const facts : {&a, &b}) {
    facts->remote_host.clear();
    facts->remote_address.clear();
  }
  return a == b;
}

// Is it a server's answer to RCPT, or to a command that isn't named?
bool may_answer_rcpt(const RecipientDiagnosis& found, std::string_view text) {
  return found.reply.code >= 400 && found.reply.code < 600 && is_digit(text.front()) &&
         (found.reply.stage == Stage::kUnknown || found.reply.stage == Stage::kRcpt) &&
         read_layers(text).size() == 1;
}

std::vector<LabelledReply> replies() {
  const std::string file = PLAINBOUNCE_SOURCE_DIR "/lib/knowledge/replies.tsv";
  std::ifstream in(file, std::ios::binary);
  const std::string tsv{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return parse_labelled_replies(file, tsv);
}

TEST(FramesTest, WhoPassesAReplyOnChangesNothing) {
  static_assert(std::size(kFrames) >= 25);
  std::vector<int> others(std::size(kFrames));
  int tried = 0;
  int other_facts = 0;
  int other_outcomes = 0;
  const std::vector<LabelledReply> all_replies = replies();
  for (const LabelledReply& reply : all_replies) {
    const RecipientDiagnosis bare = diagnose_text(reply.text, reply.host, knowledge());
    if (!may_answer_rcpt(bare, reply.text)) continue;
    const std::string host = reply.host.empty() ? "mx.example.org" : reply.host;
    for (std::size_t i = 0; i < std::size(kFrames); ++i) {
      const std::string framed = fmt::format(fmt::runtime(kFrames[i]), host, reply.text);
      const Told got = told(framed, host);
      if (got.outcome != bare.outcome) {
        std::cout << "other outcome: " << framed << "\n";
        ++other_outcomes;
      }
      if (got.cause == bare.cause) {
        // What is said of a cause goes by it; so facts are compared where it is the same. Where
        // the reply is nothing but codes, it may be who passed it on that tells them.
        if (!HeardText(reply.text).has_words() || same_facts(got.facts, bare.facts)) continue;
        std::cout << "other facts: " << framed << "\n";
        ++other_facts;
      } else if (++others[i] <= 2) {
        std::cout << fmt::format("{} instead of {}: {}\n", id_of(got.cause), id_of(bare.cause),
                                 framed);
      }
    }
    ++tried;
  }
  EXPECT_GT(tried, 2500);
  const double pairs = tried * static_cast<double>(std::size(kFrames));
  int all = 0;
  for (std::size_t i = 0; i < std::size(kFrames); ++i) {
    all += others[i];
    if (others[i] > 0) std::cout << others[i] << " of " << tried << ": " << kFrames[i] << "\n";
  }
  EXPECT_LE(all, pairs * 0.005);
  EXPECT_EQ(other_facts, 0);
  EXPECT_EQ(other_outcomes, 0);
}

TEST(FramesTest, EachExampleComesToWhatIsWithinIt) {
  int tried = 0;
  for (const FrameExample& example : frame_examples()) {
    EXPECT_EQ(without_frame(example.frame, example.text), example.inner)
        << example.frame << ": " << example.text;
    ++tried;
  }
  EXPECT_GT(tried, 20);
}

TEST(FramesTest, LayersTellWhoSaidWhatInAnswerToWhat) {
  const auto layers = read_layers(
      "<a@example.org>: host mx.example.com[192.0.2.1] said: 550 5.1.1 <a@example.org>: no such "
      "user (in reply to RCPT TO command)");
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(layers[1].frame, "address-in-front");
  EXPECT_EQ(layers[2].frame, "host-said");
  EXPECT_EQ(layers[2].host, "mx.example.com");
  EXPECT_EQ(layers[2].address, "192.0.2.1");
  EXPECT_EQ(layers[2].command, "RCPT TO command");
  EXPECT_EQ(layers[2].text, "550 5.1.1 <a@example.org>: no such user");
}

TEST(FramesTest, WhoHasNothingToSayIsOutdone) {
  const char* const text =
      "The mailbox is full. The response from the remote server was: 552 5.2.2";
  EXPECT_EQ(heard_layer(read_layers(text)).text, text);
}

// Only its name and that it is an answer stand around it.
TEST(FramesTest, CodesAreHeardWhereNobodySaysMore) {
  for (const char* const text :
       {"host mx.example.org[203.0.113.77] said: 421 4.3.2 (in reply to DATA command)",
        "<a@example.org>: host mx.example.org said: 421 4.3.2", "smtp; 421 4.3.2"}) {
    EXPECT_EQ(heard_layer(read_layers(text)).text, "421 4.3.2") << text;
  }
}

// What was asked of the sender's own server, or is said of the sender, is no word about the
// recipient.
TEST(FramesTest, AnAnswerAboutTheSenderIsNoLayer) {
  for (const char* const text :
       {"550-Verification failed for <a@example.org> 550-Called: 192.0.2.1 550-Response: 550 no "
        "such user",
        "Sender verification failed. The response was: 550 5.1.1 no such user",
        "550 5.7.1 Sender address <b@f.example> rejected, remote server said: 550 unknown user",
        "550 Sender verify: the mail server responded: 550 5.1.1 unknown user",
        "550 5.1.8 sender callback for b@f.example failed: remote server returned '550 5.1.1 no'",
        "550 5.1.8 <b@f.example>: Return path refused: host mx[192.0.2.1] said: 550 no such user",
        "550 5.7.1 <b@f.example> MAIL FROM undeliverable: host mx[192.0.2.1] said: 550 full",
        "550 Mittente non valido: host mx[192.0.2.1] said: 550 no such user",
        "550 Отправитель отклонён: host mx[192.0.2.1] said: 550 no such user",
        "550 Absender abgelehnt: host mx[192.0.2.1] said: 550 no such user"}) {
    EXPECT_EQ(read_layers(text).size(), 1U) << text;
  }
}

// Sizes, counts and words are no codes and no hosts.
TEST(FramesTest, NumbersAndNamesAreNotTakenForReplies) {
  for (const char* const text :
       {"The size of the message exceeds the limit: 500 kB are allowed",
        "Error: message size limit exceeded, details: 450 KB max",
        "(552 5.3.4 Message size exceeds fixed limit, message size: 500 MB allowed)",
        "Listed on Spamhaus, reply to postmaster: 500 requests were made", "554 said: go away",
        "550-5.7.1 Rejected by policy. 550-5.7.1 Reason: the server said: listed 550 5.7.1 bye",
        "The response was: 550-Your IP is listed at Spamhaus: 550 5.7.1 see https://a.example"}) {
    const auto layers = read_layers(text);
    EXPECT_TRUE(layers.size() == 1 || layers.back().text.starts_with("550-Your")) << text;
  }
}

TEST(FramesTest, LayersEnd) {
  std::string text = "550 no such user";
  for (int i = 0; i < 20; ++i) text = "host mx said: " + text;
  EXPECT_EQ(read_layers(text).size(), kMaxLayers);
}

}  // namespace
}  // namespace plainbounce
