// The daemon's smaller parts: sockets, client addresses, log lines.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lib/config/config.h"
#include "milter/client_address.h"
#include "milter/message_record.h"
#include "milter/socket.h"
#include "milter/unmatched_log.h"

namespace plainbounce {
namespace {

using ::testing::HasSubstr;

class SocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/plainbounce-socket-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    path_ = directory_ / "x.sock";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  int listen_there(int backlog = 5) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(descriptor, backlog), 0);
    return descriptor;
  }

  std::string complaint(const ListenAddress& address) const {
    try {
      prepare_to_listen(address);
      return "";
    } catch (const SocketError& error) {
      return error.what();
    }
  }
  std::string complaint() const {
    return complaint({ListenAddress::Family::kUnix, path_.string(), 0});
  }

  mode_t mode() const {
    struct stat status {};
    EXPECT_EQ(stat(path_.c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  std::filesystem::path directory_;
  std::filesystem::path path_;
};

TEST_F(SocketTest, NothingThereIsFine) { EXPECT_EQ(complaint(), ""); }

TEST_F(SocketTest, StaleSocketIsRemoved) {
  close(listen_there());
  EXPECT_EQ(complaint(), "");
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SocketTest, LivingSocketIsKept) {
  const int descriptor = listen_there();
  EXPECT_THAT(complaint(), HasSubstr("another process listens there"));
  EXPECT_TRUE(std::filesystem::exists(path_));
  close(descriptor);
}

TEST_F(SocketTest, LivingSocketWithAFullQueueIsKept) {
  const int descriptor = listen_there(0);
  for (int i = 0; i < 5; ++i) EXPECT_THAT(complaint(), HasSubstr("another process listens there"));
  EXPECT_TRUE(std::filesystem::exists(path_));
  close(descriptor);
}

TEST_F(SocketTest, WhatIsNoSocketIsKept) {
  std::ofstream(path_) << "precious";
  EXPECT_THAT(complaint(), HasSubstr("isn't a socket"));
  EXPECT_TRUE(std::filesystem::exists(path_));
  std::filesystem::remove(path_);
  std::filesystem::create_symlink("/tmp", path_);
  EXPECT_THAT(complaint(), HasSubstr("isn't a socket"));
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
}

TEST_F(SocketTest, MissingDirectoryIsNamed) {
  const std::string path = (directory_ / "none" / "x.sock").string();
  EXPECT_EQ(complaint({ListenAddress::Family::kUnix, path, 0}),
            path + ": no socket can be made in " + (directory_ / "none").string() +
                ": No such file or directory");
}

TEST_F(SocketTest, UnknownHostIsNamed) {
  EXPECT_THAT(complaint({ListenAddress::Family::kInet, "192.0.2.999", 8899}),
              HasSubstr("inet:8899@192.0.2.999: "));
}

// A listener on loopback and one connection that it has accepted.
struct LoopbackConnection {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int accepted = -1;
  sockaddr_in address{};

  LoopbackConnection() {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* const place = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener, place, length), 0);
    EXPECT_EQ(listen(listener, 5), 0);
    EXPECT_EQ(getsockname(listener, place, &length), 0);
  }
  LoopbackConnection(const LoopbackConnection&) = delete;
  LoopbackConnection& operator=(const LoopbackConnection&) = delete;
  ~LoopbackConnection() {
    for (const int descriptor : {listener, client, accepted}) close(descriptor);
  }

  std::uint16_t port() const { return ntohs(address.sin_port); }

  bool sends_without_delay() {
    EXPECT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    accepted = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    int on = 0;
    socklen_t length = sizeof(on);
    EXPECT_EQ(getsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, &length), 0);
    return on != 0;
  }
};

TEST(SendWithoutDelay, HoldsForConnectionsToThatPortOnly) {
  LoopbackConnection ours;
  LoopbackConnection another;
  send_without_delay(ours.port());
  EXPECT_TRUE(ours.sends_without_delay());
  EXPECT_FALSE(another.sends_without_delay());
}

TEST_F(SocketTest, FileGetsItsModeAndIsRemovedAtTheEnd) {
  const int descriptor = listen_there();
  {
    const SocketFile file(path_.string(), 0640, "");
    EXPECT_EQ(mode(), 0640U);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
  close(descriptor);
}

TEST_F(SocketTest, SuccessorsSocketIsKept) {
  const int ours = listen_there();
  SocketFile file(path_.string(), 0600, "");
  std::filesystem::remove(path_);
  const int theirs = listen_there();
  file.remove();
  EXPECT_TRUE(std::filesystem::exists(path_));
  close(ours);
  close(theirs);
}

TEST_F(SocketTest, UnknownGroupIsNamedAndLeavesNoSocket) {
  const int descriptor = listen_there();
  try {
    const SocketFile file(path_.string(), 0600, "no-such-group");
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no such group: \"no-such-group\""));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
  close(descriptor);
}

std::string inet(const char* text, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, text, &address.sin_addr);
  return client_address(reinterpret_cast<sockaddr*>(&address));
}

std::string inet6(const char* text) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(25);
  inet_pton(AF_INET6, text, &address.sin6_addr);
  return client_address(reinterpret_cast<sockaddr*>(&address));
}

TEST(ClientAddressTest, RemoteClientsAreShownAsText) {
  EXPECT_EQ(inet("192.0.2.7", 1234), "192.0.2.7");
  EXPECT_EQ(inet("192.0.2.7", 0), "192.0.2.7");
  EXPECT_EQ(inet("127.0.0.1", 40000), "127.0.0.1");
  EXPECT_EQ(inet6("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(inet6("::1"), "::1");
  EXPECT_EQ(inet6("::ffff:192.0.2.7"), "192.0.2.7");
}

TEST(ClientAddressTest, MailMadeHereHasNone) {
  EXPECT_EQ(client_address(nullptr), "unknown");
  EXPECT_EQ(inet("127.0.0.1", 0), "");
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_EQ(client_address(&local), "");
}

TEST(ClientAddressTest, AnotherFamilyIsUnknown) {
  sockaddr other{};
  other.sa_family = AF_APPLETALK;
  EXPECT_EQ(client_address(&other), "unknown");
}

TEST(RecordTest, IsOneLineOfKeysAndValues) {
  MessageRecord record;
  record.queue_id = "4D2F31Cc0zJ";
  record.result = Result::kRewritten;
  record.recipients = 3;
  record.causes = {"mailbox-full", "recipient-unknown"};
  record.outcomes = {"failed"};
  record.language = "pt-BR";
  record.time = std::chrono::microseconds(1949);
  record.bytes = 5120;
  record.hosts = {"mx.example.net", "192.0.2.1"};
  record.confidences = {"certain", "likely"};
  record.evidence = {"rule:full", "status:5.1.1"};
  EXPECT_EQ(format_record(record),
            "queue_id=4D2F31Cc0zJ result=rewritten reason=- recipients=3 "
            "causes=mailbox-full,recipient-unknown outcomes=failed language=pt-BR ms=1.9 "
            "bytes=5120 hosts=mx.example.net,192.0.2.1 confidence=certain,likely "
            "evidence=rule:full,status:5.1.1");
}

TEST(RecordTest, EmptyValuesAreDashes) {
  EXPECT_EQ(format_record({}),
            "queue_id=- result=left-alone reason=- recipients=0 causes=- outcomes=- language=- "
            "ms=0.0 bytes=0 hosts=- confidence=- evidence=-");
}

TEST(RecordTest, HostileValuesStayOnTheLineAndInQuotes) {
  MessageRecord record;
  record.queue_id = "A B=\"c\"\n\x1b[31m\xff\\";
  record.result = Result::kFailedOpen;
  record.reason = "exception";
  record.detail = "line 1\r\nresult=rewritten " + std::string(1000, 'x');
  const std::string line = format_record(record);
  EXPECT_THAT(line,
              HasSubstr(R"(queue_id="A B=\x22c\x22\x0a\x1b[31m\xff\x5c" result=failed-open)"));
  EXPECT_THAT(line, HasSubstr(R"( detail="line 1\x0d\x0aresult=rewritten xxx)"));
  EXPECT_LT(line.size(), 500U);
  for (const char c : line) EXPECT_TRUE(c >= ' ' && c < 0x7f);
}

TEST(RecordTest, NamesEachCauseOnceInTheOrderOfTheReport) {
  Rewrite rewrite;
  for (const Cause cause : {Cause::kMailboxFull, Cause::kGreylisted, Cause::kMailboxFull}) {
    RecipientDiagnosis recipient;
    recipient.cause = cause;
    recipient.outcome = cause == Cause::kGreylisted ? Outcome::kDelayed : Outcome::kFailed;
    rewrite.diagnosis.recipients.push_back(recipient);
  }
  MessageRecord record;
  note_rewrite(rewrite, record);
  EXPECT_EQ(record.recipients, 3U);
  EXPECT_THAT(record.causes, ::testing::ElementsAre("mailbox-full", "greylisted"));
  EXPECT_THAT(record.outcomes, ::testing::ElementsAre("failed", "delayed"));
}

TEST(RecordTest, SaysOfEachCauseHowSureItIsAndWhatDecided) {
  Rewrite rewrite;
  const auto add = [&rewrite](Cause cause, Confidence confidence, const Evidence& evidence) {
    RecipientDiagnosis recipient;
    recipient.cause = cause;
    recipient.confidence = confidence;
    recipient.evidence = evidence;
    rewrite.diagnosis.recipients.push_back(recipient);
  };
  Evidence by_rule;
  by_rule.kind = Evidence::Kind::kRule;
  by_rule.rule = "house x,\"y\"";
  add(Cause::kMailboxFull, Confidence::kCertain, by_rule);
  add(Cause::kMailboxFull, Confidence::kUnsure, reply_evidence(552));
  add(Cause::kGreylisted, Confidence::kLikely, status_evidence({4, 7, 1}));
  add(Cause::kUnexplained, Confidence::kUnsure, Evidence());
  MessageRecord record;
  note_rewrite(rewrite, record);
  EXPECT_THAT(record.confidences, ::testing::ElementsAre("certain", "likely", "unsure"));
  EXPECT_THAT(record.evidence, ::testing::ElementsAre("rule:house_x__y_", "status:4.7.1", "none"));
}

TEST(RecordTest, NamesServersThatRefusedButNothingElse) {
  const auto hosts_of = [](const std::vector<std::string>& names, Outcome outcome) {
    Rewrite rewrite;
    for (const std::string& name : names) {
      RecipientDiagnosis recipient;
      recipient.outcome = outcome;
      recipient.facts.remote_host = name;
      rewrite.diagnosis.recipients.push_back(recipient);
    }
    MessageRecord record;
    note_rewrite(rewrite, record);
    return record.hosts;
  };
  EXPECT_THAT(hosts_of({"MX.example.net", "mx.example.net.", "[2001:db8::1]"}, Outcome::kGaveUp),
              ::testing::ElementsAre("mx.example.net", "[2001:db8::1]"));
  EXPECT_THAT(hosts_of({"", "anna@example.net", "mx example", "a,b", "anna", "+49 30 123",
                        "x\n result=rewritten", "m\xc3\xbcx.example", "\"", std::string(101, 'x')},
                       Outcome::kFailed),
              ::testing::IsEmpty());
  EXPECT_THAT(hosts_of({"mx.example.net"}, Outcome::kDelivered), ::testing::IsEmpty());
  EXPECT_EQ(hosts_of({"a.example", "b.example", "c.example", "d.example", "e.example", "f.example"},
                     Outcome::kDelayed)
                .size(),
            5U);
}

TEST(RecordTest, TellsOfEachUnknownWordingOnceAndOfFive) {
  Rewrite rewrite;
  const auto add = [&rewrite](const std::string& text) {
    RecipientDiagnosis recipient;
    recipient.reply.code = 550;
    recipient.reply.text = text;
    recipient.evidence = class_evidence(5);
    rewrite.diagnosis.recipients.push_back(recipient);
  };
  for (const char* text :
       {"550 wibble 1", "550 wobble 2", "550 mailbox", "550 server", "550 address"})
    add(text);
  rewrite.diagnosis.recipients.back().evidence.kind = Evidence::Kind::kRule;
  MessageRecord record;
  note_rewrite(rewrite, record);
  ASSERT_EQ(record.unmatched.size(), 3U);
  EXPECT_THAT(record.unmatched.front().line, HasSubstr("\"550 * 0\""));
  for (const char* text : {"550 domain", "550 message", "550 sender", "550 recipient"}) add(text);
  MessageRecord crowded;
  note_rewrite(rewrite, crowded);
  EXPECT_EQ(crowded.unmatched.size(), 5U);
}

TEST(UnmatchedLogTest, AWordingIsNewOnceUntilItIsForgotten) {
  UnmatchedLog log(2);
  EXPECT_TRUE(log.is_new("a"));
  EXPECT_FALSE(log.is_new("a"));
  EXPECT_TRUE(log.is_new("b"));
  EXPECT_FALSE(log.is_new("a"));
  EXPECT_TRUE(log.is_new("c"));
  EXPECT_FALSE(log.is_new("b"));
  EXPECT_TRUE(log.is_new("a"));
}

}  // namespace
}  // namespace plainbounce
