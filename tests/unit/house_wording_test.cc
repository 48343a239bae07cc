// The house's own wording, templates, sentences and signature.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lib/base/data_error.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/notice/catalogue.h"
#include "lib/notice/write.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HouseWordingTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  // What the loader says of the folder; empty: nothing.
  template <typename Load>
  std::string complaint(Load load) const {
    Catalogue catalogue = Catalogue::load();
    try {
      load(catalogue);
    } catch (const DataError& error) {
      std::string what = error.what();
      const std::string prefix = folder_.string() + "/";
      if (what.starts_with(prefix)) what.erase(0, prefix.size());
      return what;
    }
    return {};
  }
  std::string message_complaint(const std::string& toml) const {
    write("own.toml", toml);
    return complaint([&](Catalogue& catalogue) { catalogue.add_messages(folder_); });
  }
  std::string template_complaint(const std::string& text) const {
    write("notice.txt.mustache", text);
    return complaint([&](Catalogue& catalogue) { catalogue.replace_templates(folder_); });
  }

  static Notice notice_for(const Catalogue& catalogue, const House& house) {
    const std::filesystem::path sample =
        std::filesystem::path(PLAINBOUNCE_SOURCE_DIR) / "tests/samples/postfix-mailbox-full";
    std::ifstream in(sample / "message.eml", std::ios::binary);
    const std::string message((std::istreambuf_iterator<char>(in)),
                              std::istreambuf_iterator<char>());
    static const Knowledge kKnowledge = Knowledge::load();
    const Report report = read_report(message, kKnowledge.stock_phrases());
    return write_notice(report, diagnose(report, kKnowledge), kKnowledge, catalogue, house);
  }

  // A notice whose headline, subject and quote hold markup.
  static Notice hostile_notice(const Catalogue& catalogue) {
    static const Knowledge kKnowledge = Knowledge::load();
    Report report;
    report.kind = MessageKind::kReport;
    report.returned.present = true;
    report.returned.subject = "<img src=x>";
    RecipientReport recipient;
    recipient.final_recipient = "<img/src=x>@example.org";
    recipient.diagnostic = "smtp; 599 <img src=x>";
    report.recipients.push_back(recipient);
    return write_notice(report, diagnose(report, kKnowledge), kKnowledge, catalogue, {});
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      ("plainbounce-house-" +
       std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
};

TEST_F(HouseWordingTest, AFileOverlaysTheLanguageThatItNames) {
  write("en.toml",
        "[meta]\nlanguage = \"en\"\n[label]\nsteps = \"Now what\"\n"
        "[cause.mailbox-full]\nsteps = [\"Walk over and knock.\"]\n");
  Catalogue catalogue = Catalogue::load();
  catalogue.add_messages(folder_);
  const Notice notice = notice_for(catalogue, {});
  EXPECT_THAT(notice.text, AllOf(HasSubstr("Now what\n"), HasSubstr("Walk over and knock.")));
  EXPECT_THAT(notice.html, HasSubstr("Walk over and knock."));
  EXPECT_THAT(notice.text, Not(HasSubstr("Send the message again once")));  // the list is replaced
  EXPECT_THAT(notice.text, HasSubstr("There is no room left"));             // the rest stays
  EXPECT_EQ(catalogue.languages(), Catalogue::load().languages());
}

TEST_F(HouseWordingTest, AFileMayAddALanguage) {
  write("eo.toml", "[meta]\nlanguage = \"eo\"\n[cause.mailbox-full]\nreason = \"plenplena\"\n");
  Catalogue catalogue = Catalogue::load();
  catalogue.add_messages(folder_);
  House house;
  house.language = "eo";
  const Notice notice = notice_for(catalogue, house);
  EXPECT_EQ(notice.language, "eo");
  EXPECT_THAT(notice.text, HasSubstr("plenplena"));
}

TEST_F(HouseWordingTest, MistakesInWordingAreNamedWithFileAndLine) {
  EXPECT_EQ(message_complaint("[meta]\nlanguage = \"en\"\n[label]\nstepz = \"x\"\n"),
            "own.toml:4: label.stepz: there is no such key");
  EXPECT_EQ(message_complaint("[meta]\nlanguage = \"en\"\n[label]\nsteps = \"{house}\"\n"),
            "own.toml:4: label.steps: there is no argument {house}");
  EXPECT_THAT(message_complaint("[meta]\nlanguage = \"en\"\n[label]\nsteps = \"{domain\"\n"),
              HasSubstr("own.toml:4: label.steps: no MessageFormat pattern"));
  EXPECT_EQ(
      message_complaint("[meta]\nlanguage = \"en\"\n[cause.mailbox-full]\nsteps = [\"@nap\"]\n"),
      "own.toml:4: cause.mailbox-full.steps.1: there is no step.nap");
  EXPECT_EQ(message_complaint("[meta]\nlanguage = \"en\"\n[extra]\nfull = \"x\"\n"),
            "own.toml:4: extra.full: there is no such key");
  EXPECT_THAT(message_complaint("[label\n"), HasSubstr("own.toml:1: TOML"));
  EXPECT_THAT(message_complaint("[label]\nsteps = \"x\"\n"), HasSubstr("meta"));
}

TEST_F(HouseWordingTest, StepsThatLeadInACircleAreRefusedAcrossFiles) {
  const std::string head = "[meta]\nlanguage = \"en\"\n[step]\n";
  EXPECT_EQ(message_complaint(head + "ask-person = \"@ask-person\"\n"),
            "own.toml:4: step.ask-person: leads back to itself: ask-person → ask-person");
  write("00.toml", head + "wait = [\"{domain}\", \"@ask-person\"]\n");
  EXPECT_EQ(message_complaint(head + "ask-person = \"@wait\"\n"),
            "own.toml:4: step.ask-person: leads back to itself: ask-person → wait → ask-person");
  EXPECT_EQ(message_complaint(head + "ask-person = \"Ask them.\"\n"), "");
}

TEST_F(HouseWordingTest, AStepThatStandsSomewhereCanNotBeTakenOut) {
  const std::string head = "[meta]\nlanguage = \"en\"\n[step]\n";
  const auto names_it =
      testing::MatchesRegex("own.toml:4: step.wait: holds no text, but stands in [a-z].*");
  EXPECT_THAT(message_complaint(head + "wait = []\n"), names_it);
  EXPECT_THAT(message_complaint(head + "wait = [[\"Wait.\"]]\n"), names_it);
}

TEST_F(HouseWordingTest, AStepCanBeAnAlternative) {
  write("en.toml",
        "[meta]\nlanguage = \"en\"\n[cause.mailbox-full]\n"
        "steps = [[\"Use {new_address}.\", \"@wait\", \"Walk over.\"]]\n"
        "[step]\nwait = [\"Wait for {until}.\", \"@send-later\"]\n"
        "send-later = \"Have a pause.\"\n");
  Catalogue catalogue = Catalogue::load();
  catalogue.add_messages(folder_);
  const Notice notice = notice_for(catalogue, {});
  EXPECT_THAT(notice.text, AllOf(HasSubstr("- Have a pause.\n"), Not(HasSubstr("@send-later")),
                                 Not(HasSubstr("Walk over"))));
  EXPECT_THAT(notice.html, AllOf(HasSubstr("Have a pause."), Not(HasSubstr("@send-later"))));
}

TEST_F(HouseWordingTest, OwnTemplatesTakeThePlaceOfTheBuiltInOnes) {
  write("notice.txt.mustache", "HOUSE {{headline}}\n");
  write("notice.html.mustache", "<p>HOUSE {{title}}</p>{{! a note }}");
  Catalogue catalogue = Catalogue::load();
  catalogue.replace_templates(folder_);
  const Notice notice = notice_for(catalogue, {});
  EXPECT_TRUE(notice.text.starts_with("HOUSE Not delivered: ")) << notice.text;
  EXPECT_THAT(notice.text, HasSubstr("This is the mail system"));  // the original stays below
  EXPECT_TRUE(notice.html.starts_with("<p>HOUSE Your message")) << notice.html;
}

TEST_F(HouseWordingTest, MistakesInTemplatesAreNamedWithFileAndLine) {
  EXPECT_EQ(template_complaint("x\n{{headlin}}\n"),
            "notice.txt.mustache:2: template: there is no {{headlin}}");
  EXPECT_EQ(template_complaint("x\n\n{{>footer}}\n"),
            "notice.txt.mustache:3: template: it must hold everything itself");
  EXPECT_THAT(template_complaint("x\n{{#groups}}\n"), HasSubstr("notice.txt.mustache:"));
  EXPECT_THAT(template_complaint("x\n{{/groups}}\n"), HasSubstr("notice.txt.mustache:"));
  EXPECT_EQ(template_complaint("{{headline}}"), "");
  write("notise.txt.mustache", "");
  EXPECT_EQ(complaint([&](Catalogue& catalogue) { catalogue.replace_templates(folder_); }),
            "notise.txt.mustache:1: template: there is none of this name");
}

// Whatever template is taken, a tag in the sender's subject never comes out as one.
TEST_F(HouseWordingTest, AnHtmlTemplateEscapesWhatTheBuiltInOneDoes) {
  for (const char* const tag :
       {"{{{title}}}", "{{&title}}", "{{ & title }}", "{{{ title }}}", "{{=<% %>=}}<%&title%>",
        "{{= | | =}}|{title}|", "{{{=<% %>=}}}<%&title%>", "{{#title}}{{{.}}}{{/title}}",
        "{{#editions}}{{&headline}}{{/editions}}", "{{#editions}}{{{headline}}}{{/editions}}",
        "{{! {{ }}{{{title}}}", "{{{quote}}{{! }}}{{{title}}}", "{{title}}", "{{ title }}",
        "{{#editions}}{{headline}}{{/editions}}"}) {
    write("notice.html.mustache", std::string("<p>\n") + tag);
    const std::string refused =
        complaint([&](Catalogue& catalogue) { catalogue.replace_templates(folder_); });
    if (std::string_view(tag).find('&') != std::string_view::npos) {
      EXPECT_NE(refused, "") << tag;
    }
    if (!refused.empty()) {
      EXPECT_THAT(refused, testing::StartsWith("notice.html.mustache:2: template: ")) << tag;
      continue;
    }
    Catalogue catalogue = Catalogue::load();
    catalogue.replace_templates(folder_);
    EXPECT_THAT(hostile_notice(catalogue).html, Not(HasSubstr("<img"))) << tag;
  }
  write("notice.html.mustache", "x\n{{{title}}}");
  EXPECT_EQ(complaint([&](Catalogue& catalogue) { catalogue.replace_templates(folder_); }),
            "notice.html.mustache:2: template: {{title}} must be escaped, as in the built-in one");
  write("notice.html.mustache", "{{#editions}}{{#groups}}{{{quote}}}{{/groups}}{{/editions}}");
  EXPECT_EQ(complaint([&](Catalogue& catalogue) { catalogue.replace_templates(folder_); }), "");
  std::filesystem::remove(folder_ / "notice.html.mustache");
  EXPECT_EQ(template_complaint("{{{headline}}}"), "") << "text needs no escaping";
}

TEST_F(HouseWordingTest, SentenceAndSignatureStandInBothForms) {
  House house;
  house.extra["mailbox-full"] = "Students: <room> 12 can help.";
  house.extra["greylisted"] = "Never shown here.";
  house.signature = "Your IT team\nRoom & yard";
  const Notice notice = notice_for(Catalogue::load(), house);
  EXPECT_THAT(notice.text,
              AllOf(HasSubstr("\n\nStudents: <room> 12 can help.\n"),
                    HasSubstr("\nYour IT team\nRoom & yard\n"), Not(HasSubstr("Never shown"))));
  EXPECT_THAT(notice.html, AllOf(HasSubstr("Students: &lt;room&gt; 12 can help."),
                                 HasSubstr("Your IT team<br>Room &amp; yard")));
}

TEST_F(HouseWordingTest, TheSentenceInTheReadersLanguageComesFirst) {
  write("en.toml", "[meta]\nlanguage = \"en\"\n[extra]\nmailbox-full = \"From the file.\"\n");
  Catalogue catalogue = Catalogue::load();
  catalogue.add_messages(folder_);
  House house;
  house.extra["mailbox-full"] = "From the conf.";
  EXPECT_THAT(notice_for(catalogue, house).text,
              AllOf(HasSubstr("From the file."), Not(HasSubstr("From the conf."))));
}

}  // namespace
}  // namespace plainbounce
