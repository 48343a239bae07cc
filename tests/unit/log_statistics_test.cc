// What `plainbounce stats` makes of the lines that the daemon writes, and of others.
#include "cli/log_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "milter/message_record.h"

namespace plainbounce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

MessageRecord full_record() {
  MessageRecord record;
  record.queue_id = "4D2F31Cc0zJ";
  record.result = Result::kRewritten;
  record.recipients = 3;
  record.causes = {"mailbox-full", "recipient-unknown"};
  record.outcomes = {"failed", "delayed"};
  record.language = "pt-BR";
  record.time = std::chrono::microseconds(1949);
  record.bytes = 5120;
  record.hosts = {"mx.example.net", "[2001:db8::1]"};
  record.confidences = {"certain", "likely"};
  record.evidence = {"rule:full", "status:5.1.1"};
  return record;
}

LogStatistics sum_up(const std::vector<std::string>& lines) {
  LogStatistics statistics;
  for (const std::string& line : lines) statistics.add(line);
  return statistics;
}

TEST(LogLineTest, WhatTheDaemonWritesIsReadBack) {
  const std::string line = format_record(full_record());
  const auto record = read_record(line);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->result, "rewritten");
  EXPECT_EQ(record->reason, "");
  EXPECT_EQ(record->recipients, 3U);
  EXPECT_THAT(record->causes, ElementsAre("mailbox-full", "recipient-unknown"));
  EXPECT_THAT(record->outcomes, ElementsAre("failed", "delayed"));
  EXPECT_EQ(record->language, "pt-BR");
  EXPECT_DOUBLE_EQ(record->milliseconds, 1.9);
  EXPECT_THAT(record->hosts, ElementsAre("mx.example.net", "[2001:db8::1]"));
  EXPECT_THAT(record->confidences, ElementsAre("certain", "likely"));
  EXPECT_THAT(record->evidence, ElementsAre("rule:full", "status:5.1.1"));
  EXPECT_EQ(record->detail, "");
}

TEST(LogLineTest, HostileValuesOfTheDaemonAreReadBack) {
  MessageRecord record = full_record();
  record.queue_id = "A B=\"c\" result=rewritten\n\xff\\";
  record.result = Result::kFailedOpen;
  record.reason = "exception";
  record.detail = "queue_id=X result=rewritten \"quoted\"";
  const std::string line = format_record(record);
  const auto read = read_record(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->result, "failed-open");
  EXPECT_EQ(read->reason, "exception");
  EXPECT_THAT(read->hosts, ElementsAre("mx.example.net", "[2001:db8::1]"));
  EXPECT_EQ(read->detail, R"(queue_id=X result=rewritten \x22quoted\x22)");
}

TEST(LogLineTest, EmptyValuesAreNone) {
  const std::string line = format_record({});
  const auto record = read_record(line);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->result, "left-alone");
  EXPECT_EQ(record->reason, "");
  EXPECT_THAT(record->causes, IsEmpty());
  EXPECT_THAT(record->hosts, IsEmpty());
}

TEST(LogLineTest, ALineOfAnOlderVersionHasNoHosts) {
  const auto record = read_record(
      "queue_id=A result=left-alone reason=signed recipients=1 causes=- outcomes=- language=- "
      "ms=0.3 bytes=10 detail=\"x hosts=evil\"");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->reason, "signed");
  EXPECT_THAT(record->hosts, IsEmpty());
}

TEST(LogLineTest, ALineOfAnOlderVersionSaysNotHowSureItWas) {
  const auto record = read_record(
      "queue_id=A result=rewritten reason=- recipients=1 causes=mailbox-full outcomes=failed "
      "language=en ms=0.3 bytes=10 hosts=mx.example.net");
  ASSERT_TRUE(record);
  EXPECT_THAT(record->hosts, ElementsAre("mx.example.net"));
  EXPECT_THAT(record->confidences, IsEmpty());
  EXPECT_THAT(record->evidence, IsEmpty());
}

TEST(LogLineTest, EveryExportOfTheLogIsUnderstood) {
  const std::string record = format_record(full_record());
  for (const char* before :
       {"", "info: ", "warning: ", "Nov 22 03:40:32 mx plainbounce[7]: ",
        "Nov  2 03:40:32 mx plainbounce-milter[1234567]: info: ",
        "2026-11-22T03:40:32.123456+00:00 mx plainbounce[7]: ",
        "2026-11-22T03:40:32+0000 mx plainbounce-milter[7]: debug: ",
        "2026-11-22T03:40:32.123+0000 plainbounce[7]: info: ", "MESSAGE=", "MESSAGE=info: "}) {
    EXPECT_EQ(message_of(before + record), record) << before;
    EXPECT_EQ(message_of(before + record + "\r"), record) << before;
  }
}

TEST(LogLineTest, LinesOfOthersAreNotOursWhateverTheyQuote) {
  const std::string record = format_record(full_record());
  for (const char* before :
       {"Nov 22 03:40:32 mx postfix/smtp[7]: ", "Nov 22 03:40:32 mx postfix/smtp[7]: info: ",
        "Nov 22 03:40:32 mx postfix/smtp[7]: to=<x>, said: 550 mx plainbounce[7]: ",
        "Nov 22 03:40:32 mx notplainbounce[7]: ", "Nov 22 03:40:32 mx plainbounce[x]: ",
        "Nov 22 03:40:32 mx plainbounce[]: ", "Nov 22 03:40:32 mx plainbounce[7]: stopped ",
        "MESSAGE=to=<x>, said: ", "_CMDLINE=", "x ", " "}) {
    EXPECT_FALSE(message_of(before + record)) << before;
  }
  EXPECT_FALSE(message_of(""));
  EXPECT_FALSE(message_of("Nov 22 03:40:32 mx plainbounce[7]: stopped"));
}

TEST(LogLineTest, NoPrefixOfARecordIsMistakenForAWholeOne) {
  const std::string line = format_record(full_record());
  const std::size_t whole = line.find(" hosts=");
  ASSERT_TRUE(read_record(line.substr(0, whole)));
  for (std::size_t size = 0; size < line.find("bytes=") + 7; ++size) {
    EXPECT_FALSE(read_record(line.substr(0, size))) << line.substr(0, size);
  }
}

TEST(LogLineTest, DamagedValuesAreRefused) {
  const std::string line = format_record(full_record());
  const auto with = [&line](const std::string& from, const std::string& to) {
    std::string changed = line;
    return read_record(changed.replace(line.find(from), from.size(), to)).has_value();
  };
  EXPECT_TRUE(with("ms=1.9", "ms=2"));
  for (const char* ms : {"ms=-1", "ms=nan", "ms=inf", "ms=1e999", "ms=", "ms=1,9", "ms=\"1\""}) {
    EXPECT_FALSE(with("ms=1.9", ms)) << ms;
  }
  EXPECT_FALSE(with("recipients=3", "recipients=-3"));
  EXPECT_FALSE(with("recipients=3", "recipients=99999999999999999999999"));
  EXPECT_FALSE(with("result=rewritten", "result=-"));
  EXPECT_FALSE(with("queue_id=4D2F31Cc0zJ", "queue_id=\"open"));
  EXPECT_FALSE(with(" causes=", "  causes="));
  EXPECT_FALSE(with("causes=mail", "causes=\x1b[31m"));
}

TEST(LogStatisticsTest, CountsMessagesByWhatBecameOfThem) {
  MessageRecord signed_one;
  signed_one.reason = "signed";
  signed_one.time = std::chrono::microseconds(99000);
  MessageRecord other = full_record();
  other.causes = {"mailbox-full"};
  other.language = "en";
  other.time = std::chrono::microseconds(5000);
  const LogStatistics statistics =
      sum_up({format_record(full_record()), format_record(other), format_record(signed_one),
              "Nov 22 03:40:32 mx postfix/smtp[7]: queue_id=X", "queue_id=cut result=rewr"});
  EXPECT_EQ(statistics.lines(), 5U);
  EXPECT_EQ(statistics.messages(), 3U);
  EXPECT_EQ(statistics.unreadable(), 1U);
  EXPECT_EQ(statistics.recipients(), 6U);
  EXPECT_THAT(by_frequency(statistics.results()),
              ElementsAre(Pair("rewritten", 2), Pair("left-alone signed", 1)));
  EXPECT_THAT(by_frequency(statistics.causes()),
              ElementsAre(Pair("mailbox-full", 2), Pair("recipient-unknown", 1)));
  EXPECT_THAT(statistics.languages(), ElementsAre(Pair("en", 1), Pair("pt-BR", 1)));
  EXPECT_THAT(statistics.hosts(), ElementsAre(Pair("[2001:db8::1]", 2), Pair("mx.example.net", 2)));
  EXPECT_EQ(statistics.time().messages, 2U) << "a message that is left alone costs nothing";
  EXPECT_DOUBLE_EQ(statistics.time().max, 5.0);
}

TEST(LogStatisticsTest, CountsDoubtsAndWhatDecided) {
  MessageRecord left;
  left.reason = "no-first-part";
  left.detail = "parsers-disagree";
  MessageRecord machine;
  machine.reason = "machine-recipient";
  machine.detail = "*-bounces@*";
  MessageRecord other = full_record();
  other.confidences = {"certain", "certain"};
  const std::string forged =
      "queue_id=A result=left-alone reason=x recipients=0 causes=- "
      "outcomes=- language=- ms=1 bytes=1 detail=\"\x1b[31m\"";
  const LogStatistics statistics =
      sum_up({format_record(full_record()), format_record(other), format_record(left),
              format_record(left), format_record(machine), forged});
  EXPECT_THAT(by_frequency(statistics.confidences()),
              ElementsAre(Pair("certain", 3), Pair("likely", 1)));
  EXPECT_THAT(by_frequency(statistics.evidence()),
              ElementsAre(Pair("rule:full", 2), Pair("status:5.1.1", 2)));
  EXPECT_THAT(by_frequency(statistics.details()),
              ElementsAre(Pair("no-first-part parsers-disagree", 2),
                          Pair("machine-recipient *-bounces@*", 1)));
}

TEST(LogStatisticsTest, JoinsWordingsThatDifferInNumbersOnly) {
  const std::string before = "Nov 22 03:40:32 mx plainbounce-milter[7]: info: ";
  const LogStatistics statistics = sum_up({
      before + R"(unmatched: examples = [{ text = "550 wobble declined" }])",
      before +
          R"(unmatched: examples = [{ text = "550 wibble 17 declined", host = "mx.a.example" }])",
      before + R"(unmatched: examples = [{ text = "550 wibble 4711 declined" }])",
      before +
          R"(unmatched: examples = [{ text = "host mx.b.example[192.0.2.1] said: 550 wibble 1 )" +
          "declined (in reply to RCPT TO command)\" }]",
      before + R"(unmatched: examples = [{ text = "550 cut)",
      R"(Nov 22 03:40:32 mx other[7]: unmatched: examples = [{ text = "550 not ours" }])",
  });
  const auto unmatched = statistics.unmatched();
  ASSERT_EQ(unmatched.size(), 2U);
  EXPECT_EQ(unmatched[0].example.text, "550 wibble 17 declined");
  EXPECT_EQ(unmatched[0].example.host, "mx.a.example");
  EXPECT_EQ(unmatched[0].lines, 3U);
  EXPECT_EQ(unmatched[1].example.text, "550 wobble declined");
  EXPECT_EQ(statistics.unreadable(), 1U);
}

TEST(LogStatisticsTest, PercentilesAreOfTheNearestRank) {
  std::vector<double> values;
  for (int i = 200; i >= 1; --i) values.push_back(i);
  const Percentiles result = percentiles(values);
  EXPECT_EQ(result.messages, 200U);
  EXPECT_DOUBLE_EQ(result.p50, 100);
  EXPECT_DOUBLE_EQ(result.p90, 180);
  EXPECT_DOUBLE_EQ(result.p95, 190);
  EXPECT_DOUBLE_EQ(result.p99, 198);
  EXPECT_DOUBLE_EQ(result.max, 200);
  EXPECT_DOUBLE_EQ(percentiles({7}).p50, 7);
  EXPECT_EQ(percentiles({}).messages, 0U);
}

}  // namespace
}  // namespace plainbounce
