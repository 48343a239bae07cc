// A session of the milter with an MTA, a rewriter and a log that tests can look into.
#ifndef PLAINBOUNCE_TESTS_UNIT_SESSION_FIXTURE_H_
#define PLAINBOUNCE_TESTS_UNIT_SESSION_FIXTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "milter/session.h"

namespace plainbounce {

// An MTA that takes edits, and may refuse from the nth on.
class FakeMta : public EditSink {
 public:
  bool replace_body(std::string_view chunk) override {
    if (!take("body")) return false;
    EXPECT_LE(chunk.size(), kMaxChunk);
    chunks.emplace_back(chunk);
    body += chunk;
    return true;
  }
  bool replace_header(const std::string& name, const std::string& value) override {
    return take("replace " + name + ": " + value);
  }
  bool add_header(const std::string& name, const std::string& value) override {
    return take("add " + name + ": " + value);
  }

  std::string body;
  std::vector<std::string> chunks;
  std::vector<std::string> calls;  // "body" once for a run of chunks
  int refuse_at = -1;

 private:
  bool take(const std::string& call) {
    if (count_++ == refuse_at) return false;
    if (calls.empty() || calls.back() != "body" || call != "body") calls.push_back(call);
    return true;
  }

  int count_ = 0;
};

// Replaces "ugly" in the body by "plain".
inline Rewrite make_plain(std::string_view message) {
  Rewrite rewrite;
  rewrite.language = "en";
  RecipientDiagnosis recipient;
  recipient.cause = Cause::kMailboxFull;
  rewrite.diagnosis.recipients = {recipient, recipient};
  rewrite.edit = Edit{message.find("ugly"),
                      4,
                      "plain",
                      {{HeaderChange::Kind::kReplace, "Subject", "New"},
                       {HeaderChange::Kind::kAdd, "X-Plainbounce", "1"}}};
  return rewrite;
}

inline constexpr std::string_view kReportType = "multipart/report; report-type=delivery-status";

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    rewriter_.judge_envelope = [](const Envelope& envelope) {
      return judge_envelope(envelope, Policy::defaults());
    };
    rewriter_.rewrite = [this](std::string_view message, const Envelope& envelope,
                               Clock::time_point) {
      seen_ = message;
      seen_envelope_ = envelope;
      return make_plain(message);
    };
    rewriter_.max_message_size = 1 << 20;
    rewriter_.max_memory = 4 << 20;
    rewriter_.time_budget = std::chrono::seconds(30);
    rewriter_.max_silence = std::chrono::seconds(60);
    rewriter_.max_sessions = 100;
    workplace_.current_rewriter = [this] { return std::make_shared<const Rewriter>(rewriter_); };
    workplace_.crash_guard = &crash_guard_;
    workplace_.report = [this](const MessageRecord& record) { records_.push_back(record); };
    session_.connect("");
  }

  // One message up to the end of its header.
  Session::Next begin(std::string_view content_type = kReportType) {
    if (session_.mail("<>", "Q1") == Session::Next::kAccept) return Session::Next::kAccept;
    session_.recipient("<alice@example.org>");
    session_.header("Subject", "Old");
    session_.header("Content-Type", content_type);
    return session_.end_of_header("Q1");
  }

  void send(std::string_view body) {
    ASSERT_EQ(begin(), Session::Next::kContinue);
    session_.body(body);
    session_.end_of_message("Q1", mta_);
  }

  std::string only_reason() {
    EXPECT_EQ(records_.size(), 1U);
    EXPECT_EQ(workplace_.messages, 0);
    EXPECT_EQ(workplace_.held, 0U);
    return records_.empty() ? "no record" : records_[0].reason;
  }

  Rewriter rewriter_;
  CrashGuard crash_guard_;
  std::vector<MessageRecord> records_;
  Workplace workplace_;
  Session session_{workplace_};
  FakeMta mta_;
  std::string seen_;
  Envelope seen_envelope_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_SESSION_FIXTURE_H_
