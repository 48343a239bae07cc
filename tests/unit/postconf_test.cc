// postconf's output, lists of milters, and who may reach a socket.
#include "cli/postfix/postconf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "cli/postfix/access.h"
#include "cli/postfix/milter_list.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using Family = ListenAddress::Family;

PostfixSettings services(std::string_view text, std::string_view options = "") {
  return parse_postconf("compatibility_level = 3.6\nmain_only = x=y\n", text, options);
}

TEST(PostconfTest, ReadsParametersServicesAndOptions) {
  const PostfixSettings settings =
      services("smtp  inet n - y - - smtpd\nsmtp unix - - n - 7 smtp -o a=b\n",
               "smtp/unix/syslog_name = postfix/out\nsmtp/inet/main_only =\n");
  ASSERT_EQ(settings.services.size(), 2);
  const PostfixService& out = *settings.service("smtp", "unix");
  EXPECT_EQ(out.command, "smtp");
  EXPECT_EQ(out.process_limit, "7");
  EXPECT_EQ(settings.value(out, "syslog_name"), "postfix/out");
  EXPECT_EQ(settings.value(out, "main_only"), "x=y");
  EXPECT_EQ(settings.value(*settings.service("smtp", "inet"), "main_only"), "");
  EXPECT_EQ(settings.value("nothing"), "");
}

TEST(PostconfTest, AServiceMayHaveASlashInItsName) {
  const PostfixSettings settings =
      services("private/x unix n - n - - smtpd\n", "private/x/unix/a = 1\n");
  EXPECT_THAT(settings.services[0].options, ElementsAre(Pair("a", "1")));
}

TEST(PostconfTest, OddLinesArePassedOver) {
  const PostfixSettings settings =
      parse_postconf("\nnonsense\n=\n", "bounce unix - -\n\n", "x\n/\n//=\nbounce/unix = 1\n");
  EXPECT_THAT(settings.services, IsEmpty());
}

TEST(PostconfTest, AWordThatBelongsToNoOptionIsStray) {
  const auto stray = [](const std::string& arguments) {
    return services("a unix - - n - 0 bounce " + arguments + "\n").services[0].stray;
  };
  EXPECT_EQ(stray(""), "");
  EXPECT_EQ(stray("-v -v -o a=b -o {c = d e} -D"), "");
  EXPECT_EQ(stray("-o a = b"), "a");
  EXPECT_EQ(stray("-o a=b c"), "c");
  EXPECT_EQ(stray("-o a= b"), "b");
}

TEST(PostconfTest, APipeTakesAnyWord) {
  EXPECT_EQ(services("a unix - n n - - pipe user=x argv=/bin/x y\n").services[0].stray, "");
}

TEST(PostconfTest, TheDefaultOfChrootDependsOnTheLevel) {
  const auto is_chrooted = [](const std::string& level, const std::string& column) {
    const auto settings = parse_postconf("compatibility_level = " + level + "\n",
                                         "a unix - - " + column + " - 0 cleanup\n", "");
    return settings.is_chrooted(settings.services[0]);
  };
  EXPECT_TRUE(is_chrooted("0", "-"));
  EXPECT_FALSE(is_chrooted("1", "-"));
  EXPECT_FALSE(is_chrooted("3.6", "-"));
  EXPECT_TRUE(is_chrooted("3.6", "y"));
  EXPECT_FALSE(is_chrooted("0", "n"));
}

TEST(PostconfTest, ReadsTimes) {
  EXPECT_EQ(parse_postfix_time("6s"), std::chrono::seconds(6));
  EXPECT_EQ(parse_postfix_time("30"), std::chrono::seconds(30));
  EXPECT_EQ(parse_postfix_time("5m"), std::chrono::seconds(300));
  EXPECT_EQ(parse_postfix_time("1w"), std::chrono::hours(168));
  EXPECT_EQ(parse_postfix_time(""), std::nullopt);
  EXPECT_EQ(parse_postfix_time("soon"), std::nullopt);
  EXPECT_EQ(parse_postfix_time("6 s"), std::nullopt);
  EXPECT_EQ(parse_postfix_time("99999999999999w"), std::nullopt);
}

TEST(MilterListTest, BlanksAndCommasPartMilters) {
  const auto milters = parse_milter_list(" unix:/a,inet:b:1  ,\n\tunix:c ");
  ASSERT_EQ(milters.size(), 3);
  EXPECT_EQ(milters[0].address, "unix:/a");
  EXPECT_EQ(milters[1].address, "inet:b:1");
  EXPECT_EQ(milters[2].address, "unix:c");
}

TEST(MilterListTest, BracesHoldSettings) {
  const auto milters = parse_milter_list(
      "{ unix:/a, default_action=tempfail, { command_timeout = 4s } "
      "content_timeout=6s},{inet:b:1}");
  ASSERT_EQ(milters.size(), 2);
  EXPECT_EQ(milters[0].address, "unix:/a");
  EXPECT_THAT(milters[0].settings,
              ElementsAre(Pair("command_timeout", "4s"), Pair("content_timeout", "6s"),
                          Pair("default_action", "tempfail")));
  EXPECT_EQ(milters[1].address, "inet:b:1");
}

TEST(MilterListTest, HalfAListIsReadToItsEnd) {
  EXPECT_THAT(parse_milter_list(""), IsEmpty());
  EXPECT_THAT(parse_milter_list("{ }, {}"), IsEmpty());
  EXPECT_EQ(parse_milter_list("{ unix:/a, x").size(), 1);
  EXPECT_EQ(parse_milter_list("} unix:/a }").size(), 3);
}

TEST(MilterListTest, ATableNamesMiltersBesideItsKeys) {
  const auto milters = parse_milter_table(
      "cidr:{ { 192.0.2.25 { unix:/a, default_action=tempfail } }, {192.0.2.26 inet:b:1} }, "
      "inline:{192.0.2.27=DISABLE} hash:/etc/x");
  ASSERT_EQ(milters.size(), 2);
  std::set<std::string> addresses{milters[0].address, milters[1].address};
  EXPECT_THAT(addresses, ElementsAre("inet:b:1", "unix:/a"));
  const auto& with_settings = milters[0].address == "unix:/a" ? milters[0] : milters[1];
  EXPECT_THAT(with_settings.settings, ElementsAre(Pair("default_action", "tempfail")));
}

TEST(MilterListTest, HalfATableIsReadToItsEnd) {
  EXPECT_THAT(parse_milter_table("cidr:{ { 192.0.2.25 {"), IsEmpty());
  EXPECT_THAT(parse_milter_table("}{{}{"), IsEmpty());
  EXPECT_THAT(parse_milter_table(std::string(100000, '{')), IsEmpty());
  EXPECT_THAT(parse_milter_table(std::string(1000, '{') + std::string(1000, '}')), IsEmpty());
}

TEST(MilterListTest, SettingsComeFromTheMilterThenTheServiceThenMainCf) {
  const auto settings =
      parse_postconf("milter_default_action = accept\nmilter_protocol = 6\n",
                     "a unix n - n - 0 cleanup\n", "a/unix/milter_default_action = reject\n");
  const PostfixService& service = settings.services[0];
  const auto milters = parse_milter_list("{ unix:/a, default_action=tempfail }, unix:/b");
  EXPECT_EQ(milter_setting(milters[0], "default_action", settings, service), "tempfail");
  EXPECT_EQ(milter_setting(milters[1], "default_action", settings, service), "reject");
  EXPECT_EQ(milter_setting(milters[1], "protocol", settings, service), "6");
}

TEST(MilterListTest, PathsStartWherePostfixIs) {
  EXPECT_EQ(milter_place("unix:/run/x", "/q", false).path, "/run/x");
  EXPECT_EQ(milter_place("unix:/run/x", "/q", true).path, "/q/run/x");
  EXPECT_EQ(milter_place("unix:run/x", "/q", false).path, "/q/run/x");
  EXPECT_EQ(milter_place("local:/var/run/x", "/q", false).path, "/run/x");
}

TEST(MilterListTest, ReadsHostsAndPorts) {
  const MilterPlace place = milter_place("inet:[::1]:8894", "/q", false);
  EXPECT_EQ(place.host, "::1");
  EXPECT_EQ(place.port, "8894");
  EXPECT_TRUE(is_on_loopback(place));
  const MilterPlace other = milter_place("inet:8894@mx.example.org", "/q", true);
  EXPECT_EQ(other.host, "mx.example.org");
  EXPECT_EQ(other.port, "8894");
  EXPECT_FALSE(is_on_loopback(other));
  EXPECT_EQ(milter_place("nonsense", "/q", false).path, "");
}

TEST(MilterListTest, KnowsTheDaemonByWhereItListens) {
  const ListenAddress file{Family::kUnix, "/run/plainbounce/milter.sock", 0};
  EXPECT_TRUE(is_served_by(milter_place("unix:/run/plainbounce/milter.sock", "/q", false), file));
  EXPECT_TRUE(is_served_by(milter_place("unix:/run/plainbounce/milter.sock", "/q", true), file));
  EXPECT_TRUE(
      is_served_by(milter_place("unix:/var/run/plainbounce//milter.sock", "/q", false), file));
  EXPECT_FALSE(is_served_by(milter_place("unix:run/plainbounce/milter.sock", "/q", false), file));
  EXPECT_FALSE(is_served_by(milter_place("inet:localhost:8894", "/q", false), file));
  const ListenAddress everywhere{Family::kInet, "0.0.0.0", 8894};
  EXPECT_TRUE(is_served_by(milter_place("inet:10.0.0.5:8894", "/q", false), everywhere));
  EXPECT_FALSE(is_served_by(milter_place("inet:10.0.0.5:8891", "/q", false), everywhere));
  const ListenAddress loopback{Family::kInet, "127.0.0.1", 8894};
  EXPECT_TRUE(is_served_by(milter_place("inet:localhost:8894", "/q", false), loopback));
  EXPECT_FALSE(is_served_by(milter_place("inet:10.0.0.5:8894", "/q", false), loopback));
}

class AccessTest : public ::testing::Test {
 protected:
  // The mode of the directory and of the socket; both belong to user 998 and group 107.
  std::string blocked(mode_t directory, mode_t socket, const Account& account) {
    steps_ = {{"/", 0, 0, 0755, false},
              {"/run", 998, 107, directory, false},
              {"/run/x", 998, 107, socket, false}};
    const PathStep* const step = blocking_step(steps_, account);
    return step == nullptr ? "" : step->path;
  }
  std::vector<PathStep> steps_;
};

TEST_F(AccessTest, DirectoriesHaveToBePassedAndTheSocketWrittenTo) {
  const Account member{"postfix", 105, {100, 107}};
  const Account stranger{"postfix", 105, {100}};
  EXPECT_EQ(blocked(0750, 0660, member), "");
  EXPECT_EQ(blocked(0750, 0660, stranger), "/run");
  EXPECT_EQ(blocked(0755, 0660, stranger), "/run/x");
  EXPECT_EQ(blocked(0711, 0662, stranger), "");
  EXPECT_EQ(blocked(0755, 0640, member), "/run/x");
}

TEST_F(AccessTest, OnlyTheFirstTripleThatFitsCounts) {
  EXPECT_EQ(blocked(0755, 0466, {"owner", 998, {107}}), "/run/x");
  EXPECT_EQ(blocked(0705, 0666, {"member", 1, {107}}), "/run");
}

TEST_F(AccessTest, RootIsNeverStopped) { EXPECT_EQ(blocked(0, 0, {"root", 0, {0}}), ""); }

TEST_F(AccessTest, AnAclIsNotJudged) {
  steps_ = {{"/run", 998, 998, 0700, true}, {"/run/x", 998, 998, 0600, true}};
  EXPECT_EQ(blocking_step(steps_, {"postfix", 105, {107}}), nullptr);
}

TEST_F(AccessTest, NothingToPassStopsNobody) {
  EXPECT_EQ(blocking_step({}, {"postfix", 105, {107}}), nullptr);
}

}  // namespace
}  // namespace plainbounce
