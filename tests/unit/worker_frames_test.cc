// What sessions and workers say to each other: comes through whole, and nothing else is taken for
// it.
#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "milter/frames.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;

WorkResult full_result() {
  WorkResult result;
  result.detail = "detail\n\xff";
  result.edit = Edit{100,
                     20,
                     std::string("text\0\r\n", 7),
                     {{HeaderChange::Kind::kReplace, "Subject", "one\n two"},
                      {HeaderChange::Kind::kAdd, "X-Plainbounce", "1"}}};
  result.findings.recipients = 2;
  result.findings.fates = {{"mailbox-full", "failed"}, {"greylisted", "delayed"}};
  result.findings.causes = {"mailbox-full", "greylisted"};
  result.findings.outcomes = {"failed", "delayed"};
  result.findings.confidences = {"certain", "unsure"};
  result.findings.evidence = {"rule:x", "status:4.7.1"};
  result.findings.hosts = {"mx.example.net", "[2001:db8::1]"};
  result.findings.unmatched = {{"key", R"({ text = "550 \u00e9" })"}};
  result.findings.language = "pt-BR";
  return result;
}

std::string payload_of(const WorkResult& result, bool last = false) {
  const std::string frame = encode_answer(result, last);
  EXPECT_EQ(payload_length(frame), frame.size() - kFrameHead);
  return frame.substr(kFrameHead);
}

TEST(WorkerFramesTest, AnAnswerComesThroughWhole) {
  const auto answer = decode_answer(payload_of(full_result(), true));
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->last);
  EXPECT_EQ(payload_of(answer->result, true), payload_of(full_result(), true));
  EXPECT_EQ(answer->result.edit->replacement, full_result().edit->replacement);
  EXPECT_EQ(answer->result.edit->headers, full_result().edit->headers);
  EXPECT_EQ(answer->result.findings.fates[1].outcome, "delayed");
  EXPECT_THAT(answer->result.findings.hosts, ElementsAre("mx.example.net", "[2001:db8::1]"));
}

TEST(WorkerFramesTest, AFailureComesThrough) {
  const auto answer =
      decode_answer(payload_of(WorkResult::failed(FailOpenReason::kOutOfMemory, "x")));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->result.failure, FailOpenReason::kOutOfMemory);
  EXPECT_EQ(answer->result.detail, "x");
  EXPECT_FALSE(answer->result.edit);
}

TEST(WorkerFramesTest, ARequestComesThroughWhole) {
  const Envelope envelope{"", {"a@example.org", ""}, "127.0.0.1", "mx.example.org"};
  const std::string message("From: x\r\n\r\n\0y", 13);
  std::string frame = encode_request(std::chrono::microseconds(7), envelope, message) + message;
  EXPECT_EQ(payload_length(frame), frame.size() - kFrameHead);
  frame.erase(0, kFrameHead);
  const auto request = decode_request(frame);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->time, std::chrono::microseconds(7));
  EXPECT_EQ(request->envelope.recipients, envelope.recipients);
  EXPECT_EQ(request->envelope.client_address, "127.0.0.1");
  EXPECT_EQ(request->envelope.mta_name, "mx.example.org");
  EXPECT_EQ(request->message, message);
}

TEST(WorkerFramesTest, WhatIsCutShortOrGoesOnIsNothing) {
  const std::string payload = payload_of(full_result());
  for (std::size_t length = 0; length < payload.size(); ++length) {
    EXPECT_FALSE(decode_answer(std::string_view(payload).substr(0, length))) << length;
  }
  EXPECT_FALSE(decode_answer(payload + "x"));
}

// Whatever a byte becomes, what is read keeps its promises; most often it is nothing.
TEST(WorkerFramesTest, WhatIsDamagedIsNothingOrKeepsItsPromises) {
  const std::string payload = payload_of(full_result());
  for (std::size_t at = 0; at < payload.size(); ++at) {
    for (const char c : {'\0', '\x01', '\n', ',', '\xff'}) {
      std::string damaged = payload;
      damaged[at] = c;
      const auto answer = decode_answer(damaged);
      if (!answer) continue;
      EXPECT_EQ(answer->result.edit.has_value(),
                !answer->result.failure && answer->result.reason == LeaveReason::kNone);
      EXPECT_EQ(payload_of(answer->result, answer->last), damaged);
    }
  }
}

// A worker that a message has taken over: the log, the metrics and the header stay in order.
TEST(WorkerFramesTest, AnAnswerCannotForge) {
  const std::vector<std::function<void(WorkResult&)>> forgeries = {
      [](WorkResult& r) { r.findings.hosts = {"a b"}; },
      [](WorkResult& r) { r.findings.hosts = {"a\nqueue_id=1"}; },
      [](WorkResult& r) { r.findings.evidence = {"a,b"}; },
      [](WorkResult& r) { r.findings.evidence = {std::string(201, 'x')}; },
      [](WorkResult& r) {
        r.findings.unmatched = {{"k", "a\nb"}};
      },
      [](WorkResult& r) { r.findings.language = "\xff"; },
      [](WorkResult& r) { r.findings.causes = {"no-such-cause"}; },
      [](WorkResult& r) { r.findings.confidences = {""}; },
      [](WorkResult& r) { r.edit->headers[0].name = ""; },
      [](WorkResult& r) { r.edit->headers[0].name = "Subject: x\nBcc"; },
      [](WorkResult& r) { r.edit->headers[0].value = "x\nBcc: y"; },
      [](WorkResult& r) { r.edit->headers[0].value = "x\r\n y"; },
      [](WorkResult& r) { r.edit->headers[0].value = std::string("x\0y", 3); },
      [](WorkResult& r) { r.reason = LeaveReason::kSigned; },
      [](WorkResult& r) { r.failure = FailOpenReason::kException; },
      [](WorkResult& r) { r.edit.reset(); },
      [](WorkResult& r) { r.reason = static_cast<LeaveReason>(1000); },
  };
  for (std::size_t i = 0; i < forgeries.size(); ++i) {
    WorkResult result = full_result();
    forgeries[i](result);
    EXPECT_FALSE(decode_answer(payload_of(result))) << i;
  }
}

}  // namespace
}  // namespace plainbounce
