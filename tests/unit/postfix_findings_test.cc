// The examples in tests/unit/postfix: what postconf(1) says, and what check-postfix makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/postfix/finding_text.h"
#include "cli/postfix/findings.h"

namespace plainbounce {
namespace {

namespace fs = std::filesystem;

using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kExamples = fs::path(PLAINBOUNCE_SOURCE_DIR) / "tests/unit/postfix";

std::string read_file(const fs::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// What stands below "# HEADING" in a .postconf file.
std::string section(const std::string& text, const std::string& heading) {
  const std::string mark = "# " + heading + "\n";
  const std::size_t begin = text.find(mark);
  EXPECT_NE(begin, std::string::npos) << heading;
  const std::size_t start = begin + mark.size();
  return text.substr(start, text.find("\n# ", start) - start);
}

// Without a file of its own: as recommended.
PostfixSettings read_settings(const std::string& name) {
  const std::string recommended = read_file(kExamples / "recommended.postconf");
  const fs::path own = kExamples / (name + ".postconf");
  const bool is_recommended = name == "recommended" || !fs::exists(own);
  const std::string text = is_recommended ? recommended : read_file(own);
  std::string parameters = section(recommended, "postconf -x");
  if (!is_recommended) parameters += section(text, "postconf -x, unlike recommended.postconf");
  return parse_postconf(parameters, section(text, "postconf -M"), section(text, "postconf -x -P"));
}

SocketState parse_state(const std::string& id) {
  for (int i = 0; i <= static_cast<int>(SocketState::kUnknown); ++i) {
    const auto state = static_cast<SocketState>(i);
    if (id_of(state) == id) return state;
  }
  ADD_FAILURE() << "no such state: " << id;
  return SocketState::kUnknown;
}

// "/run/plainbounce 998:107 0755"
PathStep parse_step(const std::string& text) {
  std::istringstream in(text);
  PathStep step;
  char colon = 0;
  in >> step.path >> step.owner >> colon >> step.group >> std::oct >> step.mode;
  EXPECT_FALSE(in.fail()) << text;
  return step;
}

SocketReport read_socket(const toml::table& example) {
  SocketReport report;
  report.state = parse_state(example["socket"]["state"].value_or(std::string("answers")));
  if (const toml::array* const steps = example["socket"]["steps"].as_array()) {
    for (const toml::node& step : *steps) {
      report.steps.push_back(parse_step(step.value_or(std::string())));
    }
  }
  return report;
}

ListenAddress read_listen(const toml::table& example, const Config& config) {
  const auto milter = example["milter"].value<std::string>();
  if (!milter) return config.listen;
  const MilterPlace place = milter_place(*milter, "", false);
  if (place.family == ListenAddress::Family::kUnix) return {place.family, place.path, 0};
  return {place.family, place.host, static_cast<std::uint16_t>(std::stoi(place.port))};
}

PostfixSituation read_situation(const std::string& name, const toml::table& example) {
  PostfixSituation situation;
  situation.settings = read_settings(name);
  if (const toml::table* const others = example["parameters"].as_table()) {
    for (const auto& [key, value] : *others) {
      situation.settings.parameters[std::string(key.str())] = value.value_or(std::string());
    }
  }
  situation.config = parse_config("x.conf", example["conf"].value_or(std::string()));
  situation.config_file = "/etc/plainbounce/plainbounce.conf";
  situation.listen = read_listen(example, situation.config);
  situation.account = Account{"postfix", 105, {107}};
  const Routes routes = find_routes(situation.settings, situation.listen);
  for (const MilterCalls* const calls : routes.calling_us()) {
    const auto place = place_of(calls->our_milter(), situation.settings, *calls->service);
    situation.sockets[socket_key(place)] = read_socket(example);
  }
  return situation;
}

struct Example {
  std::string name;
  std::vector<std::string> expected;
  PostfixSituation situation;
};

std::vector<Example> examples() {
  std::vector<Example> all;
  for (const auto& entry : fs::directory_iterator(kExamples)) {
    if (entry.path().extension() != ".toml") continue;
    const toml::table table = toml::parse_file(entry.path().string());
    Example& example = all.emplace_back();
    example.name = entry.path().stem();
    for (const toml::node& id : *table["expect"].as_array()) {
      example.expected.push_back(id.value_or(std::string()));
    }
    example.situation = read_situation(example.name, table);
  }
  return all;
}

std::vector<FindingText> described(const PostfixSituation& situation) {
  return describe(check_postfix(situation), common_values(situation));
}

std::vector<std::string> ids(const std::vector<FindingText>& findings) {
  std::vector<std::string> found;
  for (const FindingText& finding : findings) found.push_back(finding.id);
  return found;
}

TEST(PostfixFindingsTest, EachExampleLeadsToItsFindingsTheWorstFirst) {
  for (const Example& example : examples()) {
    EXPECT_THAT(ids(described(example.situation)), ElementsAreArray(example.expected))
        << example.name;
  }
}

TEST(PostfixFindingsTest, EachFindingHasAnExample) {
  std::set<std::string> shown;
  for (const Example& example : examples()) {
    shown.insert(example.expected.begin(), example.expected.end());
  }
  for (const FindingText& text : finding_texts()) {
    EXPECT_THAT(shown, Contains(text.id)) << "no example in tests/unit/postfix leads to it";
  }
}

TEST(PostfixFindingsTest, EveryPlaceInATextIsFilled) {
  for (const Example& example : examples()) {
    for (const FindingText& finding : described(example.situation)) {
      EXPECT_THAT(finding.what + finding.why + finding.fix, Not(HasSubstr("{{")))
          << example.name << ": " << finding.id;
    }
  }
}

TEST(PostfixFindingsTest, NoIdIsUsedTwice) {
  std::set<std::string> seen;
  for (const FindingText& text : finding_texts())
    EXPECT_TRUE(seen.insert(text.id).second) << text.id;
}

// Whoever pastes what is recommended must not be told something else next time.
TEST(PostfixFindingsTest, TheRecommendedServiceIsThatOfConf) {
  const std::string file =
      read_file(fs::path(PLAINBOUNCE_SOURCE_DIR) / "conf/postfix/dsn-only.master.cf");
  const std::string service = file.substr(file.find("\ncleanup-dsn") + 1);
  const Example stock{"stock", {}, read_situation("stock", {})};
  const auto findings = described(stock.situation);
  ASSERT_EQ(findings.size(), 1);
  EXPECT_THAT(findings[0].fix + "\n", HasSubstr(service));
}

TEST(PostfixFindingsTest, AValueIsNotTakenForAPlace) {
  const Finding finding{"soft-bounce", {{"main_cf", "{{conf}}"}}};
  const auto texts = describe({finding}, {{"conf", "x"}});
  EXPECT_THAT(texts[0].fix, HasSubstr("{{conf}}"));
}

}  // namespace
}  // namespace plainbounce
