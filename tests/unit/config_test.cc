#include "lib/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "lib/base/nearest_word.h"
#include "lib/config/config_values.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::filesystem::path kSource = PLAINBOUNCE_SOURCE_DIR;

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What parse_config() complains of; empty: nothing.
std::string complaint(std::string_view file, std::string_view toml) {
  try {
    parse_config(file, toml);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

// What must be said of a bad-conf/NAME.conf: it stands in front, a line each behind "#! ".
std::string expected_complaint(const std::filesystem::path& conf) {
  std::istringstream lines(read_all(conf));
  std::string expected;
  for (std::string line; std::getline(lines, line) && line.starts_with("#! ");) {
    expected += line.substr(3) + "\n";
  }
  return expected;
}

class BadConfigTest : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(BadConfigTest, IsRefusedForTheRightReason) {
  const std::filesystem::path conf = GetParam();
  const std::string expected = expected_complaint(conf);
  ASSERT_NE(expected, "") << "no line \"#! \" at the top of " << conf;
  EXPECT_EQ(complaint(conf.filename().string(), read_all(conf)) + "\n", expected);
}

std::vector<std::filesystem::path> bad_confs() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "tests/unit/bad-conf")) {
    if (entry.path().extension() == ".conf") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(BadConf, BadConfigTest, ::testing::ValuesIn(bad_confs()),
                         [](const auto& parameter) {
                           std::string name = parameter.param.stem().string();
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(ConfigTest, EveryKeyHasABadCase) {
  std::string cases;
  for (const auto& file : bad_confs()) cases += expected_complaint(file);
  for (const std::string_view key : config_keys()) {
    if (key == "notice.help_name" || key == "notice.help_phone") continue;  // like organisation
    EXPECT_THAT(cases, HasSubstr(": " + std::string(key) + ": expected ")) << key;
  }
}

TEST(ConfigTest, AnEmptyFileGivesTheDefaults) {
  const Config config = parse_config("x.conf", "");
  EXPECT_EQ(to_string(config.listen), "unix:/run/plainbounce/milter.sock");
  EXPECT_EQ(config.socket_mode, 0660U);
  EXPECT_FALSE(config.allow_root);
  EXPECT_EQ(config.max_message_size, 64U * 1024 * 1024);
  EXPECT_EQ(config.max_memory, 256U * 1024 * 1024);
  EXPECT_EQ(config.max_sessions, 1000);
  EXPECT_EQ(config.max_silence, std::chrono::seconds(60));
  EXPECT_EQ(config.time_budget, std::chrono::seconds(4));
  EXPECT_EQ(config.house.language, "en");
  EXPECT_EQ(config.log_target, LogTarget::kStandardError);
  EXPECT_EQ(config.log_level, LogLevel::kInfo);
}

TEST(ConfigTest, EveryKeyGoesToItsPlace) {
  const Config config = parse_config("x.conf", R"(
[milter]
listen = "inet6:8899@::1"
socket_mode = "666"
socket_group = "postfix"
allow_root = true
max_sessions = 9
state_file = "/var/lib/x"
[messages]
trusted = ["192.0.2.0/24", "2001:db8::1"]
machine_recipients = ["*-bounces@*"]
rewrite_signed = true
subject = "keep"
reply_to = "help"
max_recipients = 7
max_size = "2 MiB"
max_memory = "3 MiB"
max_silence = 7.5
time_budget = 0.25
[workers]
count = 3
memory = "65 MiB"
[notice]
language = "pt-BR"
languages = { "Example.de" = "de", "ana@example.com" = "es" }
second_language = "en"
organisation = "Universität"
logo = "EU"
accent = "#00558c"
accent_dark = "#7cc4f5"
help_name = "Help desk"
help_email = "help@example.com"
help_phone = "+49 123"
help_url = "https://help.example.com/{language}/mail#{cause}"
own_domains = ["example.org", "example.com"]
outside = "leave"
[knowledge]
rules_directory = ""
model = "/var/lib/m.bin"
mail_domains = ["example.org", "Example-2.co.uk"]
own_hosts = ["relay", "Mx.example.org", "*.example.org", "192.0.2.1", "2001:db8::/32"]
[log]
target = "syslog"
level = "warning"
)");
  EXPECT_EQ(config.listen, (ListenAddress{ListenAddress::Family::kInet6, "::1", 8899}));
  EXPECT_EQ(config.socket_mode, 0666U);
  EXPECT_EQ(config.socket_group, "postfix");
  EXPECT_TRUE(config.allow_root);
  EXPECT_EQ(config.state_file, "/var/lib/x");
  EXPECT_EQ(config.policy.own_domains, (std::vector<std::string>{"example.org", "example.com"}));
  EXPECT_EQ(config.policy.outside, OutsideReaders::kLeave);
  EXPECT_THAT(config.policy.trusted, ElementsAre("192.0.2.0/24", "2001:db8::1"));
  EXPECT_THAT(config.policy.machine_recipients, ElementsAre("*-bounces@*"));
  EXPECT_TRUE(config.policy.rewrite_signed);
  EXPECT_EQ(config.policy.subject_mode, SubjectMode::kKeep);
  EXPECT_EQ(config.policy.reply_to, ReplyTo::kHelpDesk);
  EXPECT_EQ(config.policy.max_recipients, 7U);
  EXPECT_EQ(config.max_message_size, 2U << 20);
  EXPECT_EQ(config.max_memory, 3U << 20);
  EXPECT_EQ(config.max_sessions, 9);
  EXPECT_EQ(config.max_silence, std::chrono::milliseconds(7500));
  EXPECT_EQ(config.workers, 3);
  EXPECT_EQ(config.worker_memory, 65U << 20);
  EXPECT_EQ(config.time_budget, std::chrono::milliseconds(250));
  EXPECT_EQ(config.house.language, "pt-BR");
  EXPECT_THAT(config.house.languages,
              ElementsAre(Pair("Example.de", "de"), Pair("ana@example.com", "es")));
  EXPECT_EQ(config.house.second_language, "en");
  EXPECT_EQ(config.house.organisation, "Universität");
  EXPECT_EQ(config.house.help_name, "Help desk");
  EXPECT_EQ(config.house.help_email, "help@example.com");
  EXPECT_EQ(config.house.help_phone, "+49 123");
  EXPECT_EQ(config.house.help_url, "https://help.example.com/{language}/mail#{cause}");
  EXPECT_EQ(config.house.logo, "EU");
  EXPECT_EQ(config.house.accent, "#00558c");
  EXPECT_EQ(config.house.accent_dark, "#7cc4f5");
  EXPECT_EQ(config.rules_directory, "");
  EXPECT_EQ(existing_rules_directory(config), "");
  EXPECT_EQ(config.model, "/var/lib/m.bin");
  EXPECT_THAT(config.mail_domains, ElementsAre("example.org", "Example-2.co.uk"));
  EXPECT_THAT(config.own_hosts, ElementsAre("relay", "Mx.example.org", "*.example.org", "192.0.2.1",
                                            "2001:db8::/32"));
  EXPECT_EQ(config.log_target, LogTarget::kSyslog);
  EXPECT_EQ(config.log_level, LogLevel::kWarning);
}

// The commented-out lines "#key = value" of conf/plainbounce.conf, made live.
std::string shipped_conf_made_live() {
  static const std::regex kShown("^#([a-z_]+ = .*)$");
  std::istringstream lines(read_all(kSource / "conf/plainbounce.conf"));
  std::string live;
  for (std::string line; std::getline(lines, line);) {
    live += std::regex_replace(line, kShown, "$1") + "\n";
  }
  return live;
}

std::set<std::string> keys_shown(const std::string& live) {
  static const std::regex kLine(R"(^(?:\[([a-z_]+)\]|([a-z_]+) = .*)$)");
  std::set<std::string> keys;
  std::istringstream lines(live);
  std::string table;
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (!std::regex_match(line, match, kLine)) continue;
    if (match[1].matched) {
      table = match[1];
    } else {
      keys.insert(table + "." + match[2].str());
    }
  }
  return keys;
}

TEST(ShippedConfTest, ShowsExactlyTheKeysThatThereAre) {
  const auto keys = config_keys();
  EXPECT_EQ(keys_shown(shipped_conf_made_live()), std::set<std::string>(keys.begin(), keys.end()));
}

// Each by itself, so that it is named.
TEST(ShippedConfTest, ShowsEachKeysDefault) {
  std::istringstream lines(shipped_conf_made_live());
  std::string table;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) table = line;
    if (line.find(" = ") == std::string::npos || line.starts_with('#')) continue;
    EXPECT_TRUE(parse_config("plainbounce.conf", table + "\n" + line) == Config()) << table << line;
  }
}

TEST(ShippedConfTest, ChangesNothingAsItIs) {
  EXPECT_EQ(complaint("plainbounce.conf", read_all(kSource / "conf/plainbounce.conf")), "");
}

// Why the file isn't taken.
std::string refusal(const char* file) {
  try {
    load_config(file);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(LoadConfigTest, AFileThatIsNamedMustBeThere) {
  EXPECT_EQ(refusal("/nonexistent/plainbounce.conf"),
            "/nonexistent/plainbounce.conf: can't be read: No such file or directory");
}

TEST(LoadConfigTest, ADirectoryIsNoFile) {
  EXPECT_EQ(refusal("/tmp"), "/tmp: can't be read: Is a directory");
}

TEST(LoadConfigTest, AFileThatIsTooLargeIsNotReadToItsEnd) {
  EXPECT_EQ(refusal("/dev/zero"), "/dev/zero: is larger than 16 MiB");
}

TEST(LoadConfigTest, WithoutAnyFileTheDefaultsHold) {
  if (std::filesystem::exists(kDefaultConfigFile)) GTEST_SKIP() << kDefaultConfigFile << " exists";
  EXPECT_EQ(to_string(load_config(std::nullopt).listen), "unix:/run/plainbounce/milter.sock");
}

TEST(ByteSizeTest, ReadsNumbersWithAndWithoutUnits) {
  EXPECT_EQ(parse_byte_size("0"), 0U);
  EXPECT_EQ(parse_byte_size("1500 B"), 1500U);
  EXPECT_EQ(parse_byte_size("512KiB"), 512U << 10);
  EXPECT_EQ(parse_byte_size("64 MiB"), 64U << 20);
  EXPECT_EQ(parse_byte_size("1 GiB"), 1U << 30);
}

TEST(ByteSizeTest, AnythingElseIsNoSize) {
  for (const char* text : {"", " ", "MiB", "-1", "1.5 MiB", "1  MiB", "1 mib", "1 MiB ", "1 ",
                           "99999999999999999999", "18014398509481984 KiB"}) {
    EXPECT_FALSE(parse_byte_size(text)) << text;
  }
}

TEST(ListenAddressTest, ReadsWhatItWrites) {
  for (const char* text :
       {"unix:/run/x.sock", "inet:8899@127.0.0.1", "inet6:1@::1", "inet:65535@mail.example.com"}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), text);
  }
}

TEST(ListenAddressTest, AnythingElseIsNoAddress) {
  for (const char* text : {"", "unix:", "unix:/", "unix:/run/", "unix:x", "/run/x.sock",
                           "inet:", "inet:@h", "inet:0@h", "inet:1@", "inet:1 @h", "inet:-1@h",
                           "inet:1", "inet7:1@h", "local:/run/x.sock", "unix:/a b", "unix:/a\n"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

TEST(LanguageTagTest, KnowsTheShape) {
  for (const char* text : {"en", "pt-BR", "zh-Hant-TW", "de-1996", "sl-rozaj-biske"}) {
    EXPECT_TRUE(is_language_tag(text)) << text;
  }
  for (const char* text : {"", "e", "en-", "-en", "en_GB", "en--GB", "1en", "e-n", "abcdefghi"}) {
    EXPECT_FALSE(is_language_tag(text)) << text;
  }
}

TEST(LanguageMapTest, MayBeATableOfItsOwn) {
  const Config config = parse_config(
      "x.conf", "[notice.languages]\n\"example.de\" = \"de\"\n\"jo@x.org\" = \"fr\"\n");
  EXPECT_THAT(config.house.languages,
              ElementsAre(Pair("example.de", "de"), Pair("jo@x.org", "fr")));
}

TEST(ReaderTest, IsAnAddressOrADomain) {
  for (const char* text : {"example.de", "anna@example.com", "localhost", "\"a@b\"@example.com"}) {
    EXPECT_TRUE(is_reader(text)) << text;
  }
  for (const char* text : {"", "@example.com", "anna@", ".example.de", "a b", "*.de", "a..de"}) {
    EXPECT_FALSE(is_reader(text)) << text;
  }
}

TEST(NearestTest, TheFewestEditsWin) {
  const std::vector<std::string_view> words{"log.level", "log.target", "milter.listen"};
  EXPECT_EQ(nearest("log.levle", words), "log.level");
  EXPECT_EQ(nearest("lgo.traget", words), "log.target");
  EXPECT_EQ(nearest("milter.lsten", words), "milter.listen");
  EXPECT_EQ(nearest("anything", {}), "");
}

TEST(NearestTest, DistanceCountsInsertionsDeletionsAndChanges) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
}

}  // namespace
}  // namespace plainbounce
