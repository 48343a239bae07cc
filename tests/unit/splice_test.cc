#include "lib/splice/splice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lib/mail/mime_encode.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kFirstPart = "Content-Type: text/plain\n\nold text\n";
const std::string kHead =
    "From: a@example.org\nSubject: Undelivered\n Mail\nTo: b@example.org\n\n--b1\n";
const std::string kTail =
    "\n--b1\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n--b1--\n";

std::string message() { return kHead + std::string(kFirstPart) + kTail; }

Report report_on(std::string_view text) {
  Report report;
  report.boundary = "b1";
  report.notification.range = {text.find(kFirstPart), kFirstPart.size()};
  return report;
}

Notice notice() {
  return {.language = "en",
          .subject = "Not delivered: caf\xC3\xA9",
          .text = "Plain =words\n",
          .html = "<p>h\xC3\xA9</p>\n"};
}

std::string spliced(std::string_view text, const Report& report, SubjectMode mode) {
  const auto edit = plan_edit(text, report, notice(), mode, "0.1.0").edit;
  return edit ? apply_edit(text, *edit) : "no edit";
}

TEST(SpliceTest, OnlyTheFirstPartAndTwoHeaderFieldsChange) {
  const std::string out = spliced(message(), report_on(message()), SubjectMode::kRewrite);
  EXPECT_THAT(out, testing::StartsWith("From: a@example.org\nSubject: Not delivered: "
                                       "=?UTF-8?"));
  EXPECT_THAT(out, HasSubstr("To: b@example.org\nX-Plainbounce: 0.1.0; language=en\n\n--b1\n"
                             "Content-Description: Notification\n"
                             "Content-Type: multipart/alternative; boundary=\"=_plainbounce_"));
  EXPECT_THAT(out, testing::EndsWith("--" + kTail));
  EXPECT_THAT(out, Not(HasSubstr("old text")));
  EXPECT_THAT(out, HasSubstr("Plain =3Dwords"));
}

TEST(SpliceTest, ReplyToIsAddedInFrontOfTheMarkUnlessThereIsOne) {
  Notice with_help = notice();
  with_help.reply_to = "help@example.org";
  const auto out = [&](const std::string& text) {
    const auto edit = plan_edit(text, report_on(text), with_help, SubjectMode::kKeep, "1").edit;
    return edit ? apply_edit(text, *edit) : "no edit";
  };
  EXPECT_THAT(out(message()),
              HasSubstr("To: b@example.org\nReply-To: help@example.org\nX-Plainbounce: "));
  const std::string own = "reply-to: c@example.org\n" + message();
  EXPECT_THAT(out(own), testing::StartsWith("reply-to: c@example.org\nFrom: "));
  EXPECT_THAT(out(own), Not(HasSubstr("help@")));
}

TEST(SpliceTest, KeptSubjectStaysByteForByte) {
  const std::string out = spliced(message(), report_on(message()), SubjectMode::kKeep);
  EXPECT_THAT(out, HasSubstr("\nSubject: Undelivered\n Mail\nTo:"));
}

TEST(SpliceTest, ALongDescriptionIsCutBetweenCharacters) {
  for (const std::string letter : {"\u00E9", "\u65E5", "\U0001F4E7"}) {
    for (std::size_t before = 190; before <= 200; ++before) {
      Report report = report_on(message());
      std::string words(before, 'a');
      for (std::size_t i = 9; i < before; i += 10) words[i] = ' ';
      report.notification.content_description = words + letter + "b";
      const std::string out = spliced(message(), report, SubjectMode::kKeep);
      EXPECT_EQ(out.find("=?") == std::string::npos, before + letter.size() > 200) << before;
    }
  }
}

TEST(SpliceTest, EveryLineEndIsTheMessagesOwn) {
  std::string crlf;
  for (const char c : message()) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  Report report;
  report.crlf = true;
  const std::size_t begin = crlf.find("Content-Type: text/plain");
  report.notification.range = {begin, crlf.find("\r\n--b1\r\nContent-Type: message") - begin};
  const std::string out = spliced(crlf, report, SubjectMode::kRewrite);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '\n') {
      ASSERT_GT(i, 0U);
      ASSERT_EQ(out[i - 1], '\r') << "bare line feed at " << i;
    }
  }
}

TEST(SpliceTest, TheReplacementIsSevenBit) {
  const auto edit =
      plan_edit(message(), report_on(message()), notice(), SubjectMode::kRewrite, "1").edit;
  ASSERT_TRUE(edit);
  EXPECT_TRUE(std::all_of(edit->replacement.begin(), edit->replacement.end(),
                          [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST(SpliceTest, TheNewBoundaryIsNowhereInTheMessage) {
  const auto first =
      plan_edit(message(), report_on(message()), notice(), SubjectMode::kKeep, "1").edit;
  ASSERT_TRUE(first);
  const std::size_t at = first->replacement.find("=_plainbounce_");
  const std::string boundary = first->replacement.substr(at, 30);
  // An edit outside the hashed bytes can't be made, so ask for a message that holds the next guess.
  const std::string trap = message() + boundary;
  const auto second = plan_edit(trap, report_on(trap), notice(), SubjectMode::kKeep, "1").edit;
  ASSERT_TRUE(second);
  const std::string other =
      second->replacement.substr(second->replacement.find("=_plainbounce_"), 30);
  EXPECT_EQ(trap.find(other), std::string::npos);
}

TEST(SpliceTest, NoTextCanEndTheReport) {
  const Report report = report_on(message());
  Notice hostile = notice();
  hostile.text = "Look:\n--b1--\n--b1\n-----------\n" + std::string(80, '-') + "\n";
  hostile.html = "<p>" + std::string(70, 'x') + "\n--b1\nContent-Type: message/delivery-status\n";
  const auto edit = plan_edit(message(), report, hostile, SubjectMode::kKeep, "1").edit;
  ASSERT_TRUE(edit);
  EXPECT_THAT(edit->replacement, Not(HasSubstr("\n--b1")));
  EXPECT_THAT(edit->replacement, HasSubstr("\n=2D-b1--\n=2D-b1\n-----------\n"));
}

TEST(SpliceTest, TheOuterBoundaryDoesntBeginTheNewOne) {
  for (const char* outer : {"=_plain", "=", "_", "_=plainbounce_"}) {
    Report report = report_on(message());
    report.boundary = outer;
    const auto edit = plan_edit(message(), report, notice(), SubjectMode::kKeep, "1").edit;
    ASSERT_TRUE(edit) << outer;
    EXPECT_THAT(edit->replacement, Not(HasSubstr(std::string("\n--") + outer))) << outer;
  }
}

TEST(SpliceTest, WithoutACertainPlaceThereIsNoEdit) {
  const auto doubt = [](const Report& report) {
    const Plan plan = plan_edit(message(), report, notice(), SubjectMode::kKeep, "1");
    EXPECT_FALSE(plan.edit);
    return plan.doubt;
  };
  Report report;
  report.notification.doubt = Doubt::kUnclosed;
  EXPECT_EQ(doubt(report), Doubt::kUnclosed);
  report.notification.range = {10, message().size()};
  EXPECT_EQ(doubt(report), Doubt::kRangeOutside);
  report.notification.range = {message().size() + 1, 1};
  EXPECT_EQ(doubt(report), Doubt::kRangeOutside);
}

TEST(MimeEncodeTest, HeaderValuesCantStartAnotherField) {
  const std::string value = encode_unstructured("Subject", "a\r\nBcc: x@example.org\tb\x01");
  EXPECT_EQ(value, "a Bcc: x@example.org b");
}

TEST(MimeEncodeTest, LongHeaderValuesAreFolded) {
  for (const std::string& word : {std::string("word "), std::string("w\xC3\xB6rd ")}) {
    std::string text;
    for (int i = 0; i < 60; ++i) text += word;
    const std::string value = "Subject: " + encode_unstructured("Subject", text);
    for (std::size_t begin = 0; begin < value.size();) {
      const std::size_t end = std::min(value.find('\n', begin), value.size());
      EXPECT_LE(end - begin, 78U) << value;
      begin = end + 1;
      if (begin < value.size()) {
        EXPECT_EQ(value[begin], ' ') << value;
      }
    }
  }
}

TEST(MimeEncodeTest, QuotedPrintableLinesAreShort) {
  for (const std::string boundary : {"b1", "-", "----", ""}) {
    const std::string out = quoted_printable(std::string(500, 'x') + "\n" + std::string(300, '-') +
                                                 "\n" + std::string(75, '-') + "\nsecond \n",
                                             boundary);
    EXPECT_EQ(out.find("\n--" + boundary), std::string::npos) << boundary;
    EXPECT_THAT(out, HasSubstr("second=20\n"));
    std::size_t longest = 0;
    for (std::size_t begin = 0; begin < out.size();) {
      const std::size_t end = std::min(out.find('\n', begin), out.size());
      longest = std::max(longest, end - begin);
      begin = end + 1;
    }
    EXPECT_LE(longest, 76U);
  }
}

// Bounce parsers that don't decode look for lines of dashes.
TEST(MimeEncodeTest, DashesThatDelimitNothingStay) {
  EXPECT_EQ(quoted_printable("----- The original -----\n--b1 too\n", "b2"),
            "----- The original -----\n--b1 too\n");
}

}  // namespace
}  // namespace plainbounce
