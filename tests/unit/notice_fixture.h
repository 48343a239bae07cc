// Hand-made reports, and what is looked for in their notices.
#ifndef PLAINBOUNCE_TESTS_UNIT_NOTICE_FIXTURE_H_
#define PLAINBOUNCE_TESTS_UNIT_NOTICE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/text.h"
#include "lib/notice/wrap.h"
#include "lib/notice/write.h"

namespace plainbounce {

inline constexpr std::int64_t kMonday = 1795421520;  // 23 November 2026, 08:12 UTC
inline constexpr std::int64_t kDay = 86400;

class NoticeFixture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    knowledge_ = new Knowledge(Knowledge::load());
    catalogue_ = new Catalogue(Catalogue::load());
  }
  static void TearDownTestSuite() {
    delete knowledge_;
    delete catalogue_;
  }

  static Report report() {
    Report report;
    report.kind = MessageKind::kReport;
    report.reporting_mta = "mx.example.edu";
    report.queue_id = "4XyZ12abC";
    report.returned.present = true;
    report.returned.subject = "Minutes of the meeting";
    report.returned.date = Timestamp{kMonday, 3600};
    report.returned.to = {{"Anna", "anna@example.com"}};
    report.returned.message_id = "abc.123@example.edu";
    report.notification.text = "This is the mail system at host mx.example.edu.\n\nSorry.\n";
    return report;
  }

  static RecipientDiagnosis recipient(const std::string& address, Cause cause,
                                      Outcome outcome = Outcome::kFailed) {
    RecipientDiagnosis result;
    result.address = address;
    result.cause = cause;
    result.outcome = outcome;
    result.side = Side::kTheirs;
    result.actor = knowledge_->cause(cause).actor;
    result.confidence = Confidence::kCertain;
    result.evidence = {.kind = Evidence::Kind::kRule, .rule = "some-rule"};
    return result;
  }

  // As the most hostile server would have it, in every place that it can fill.
  static RecipientDiagnosis hostile(const std::string& payload) {
    RecipientDiagnosis result = recipient("anna@example.com", Cause::kReputationBlocked);
    result.reply.text = "550 5.7.1 " + payload;
    result.reply.code = 550;
    result.evidence.rule = payload;
    Facts& facts = result.facts;
    facts.remote_host = facts.remote_address = facts.block_list = facts.lookup = payload;
    facts.refused_address = facts.refused_sender = facts.new_address = facts.mechanism = payload;
    facts.meant_address = facts.provider_name = payload;
    return result;
  }
  static Report hostile_report(const std::string& payload) {
    Report result = report();
    result.returned.subject = result.reporting_mta = result.queue_id = payload;
    result.returned.message_id = result.original_sender = payload;
    result.original_envelope_id = result.received_from_mta = payload;
    result.returned.from = result.returned.cc = {{payload, payload}};
    result.notification.text.clear();
    RecipientReport block;
    block.final_recipient = block.original_recipient = block.final_log_id = payload;
    result.recipients = {block};
    return result;
  }

  static Notice write(const Report& report, const std::vector<RecipientDiagnosis>& recipients,
                      const House& house = {}) {
    return write_notice(report, Diagnosis{recipients}, *knowledge_, *catalogue_, house);
  }
  static Notice write(const RecipientDiagnosis& recipient) { return write(report(), {recipient}); }

  // What the user reads: everything before the administrator's part.
  static std::string user_part(const Notice& notice) {
    return notice.text.substr(0, notice.text.find("For your mail administrator"));
  }
  static std::string unwrapped(std::string text) {
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return collapse_space(text);
  }
  // That of the HTML form, which names the recipients.
  static std::string headline(const Notice& notice) {
    const std::size_t begin = notice.html.find("<title>") + 7;
    std::string text = notice.html.substr(begin, notice.html.find("</title>") - begin);
    for (const auto& [escaped, plain] : {std::pair{"&apos;", "'"}, {"&quot;", "\""}}) {
      for (std::size_t at = text.find(escaped); at != std::string::npos; at = text.find(escaped)) {
        text.replace(at, std::string_view(escaped).size(), plain);
      }
    }
    return text;
  }
  // That of the text form.
  static std::string short_headline(const Notice& notice) {
    return unwrapped(notice.text.substr(0, notice.text.find("\n===")));
  }

  static void expect_narrow(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), kTextWidth) << line;
      // In a part that says format=flowed it would run on into the next line (RFC 3676).
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }

  // Every element that is opened is closed, in order; and without what only Outlook for Windows
  // reads.
  static void expect_balanced(std::string html) {
    for (std::size_t i = html.find("<!--"); i != std::string::npos; i = html.find("<!--", i)) {
      html.erase(i, html.find("-->", i) + 3 - i);
    }
    std::vector<std::string> open;
    for (std::size_t i = html.find('<'); i != std::string::npos; i = html.find('<', i + 1)) {
      const std::size_t end = html.find_first_of(" >", i);
      const std::string name = html.substr(i + 1, end - i - 1);
      if (name == "!DOCTYPE" || name == "meta" || name == "br" || name == "wbr") continue;
      if (name.front() != '/') {
        open.push_back(name);
      } else {
        ASSERT_FALSE(open.empty()) << name;
        EXPECT_EQ("/" + open.back(), name);
        open.pop_back();
      }
    }
    EXPECT_TRUE(open.empty());
  }

  inline static Knowledge* knowledge_ = nullptr;
  inline static Catalogue* catalogue_ = nullptr;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_NOTICE_FIXTURE_H_
