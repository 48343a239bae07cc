#include "lib/reply/pasted_text.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/diagnosis/diagnose.h"

namespace plainbounce {
namespace {

TEST(PastedText, EncodedWordsAreDecodedWhereverTheyStand) {
  EXPECT_EQ(decode_pasted("550 =?utf-8?B?UG9zdGZhY2ggdm9sbA==?= (x)"), "550 Postfach voll (x)");
  EXPECT_EQ(decode_pasted("=?iso-8859-1?Q?Empf=E4nger_unbekannt?="), "Empf\u00E4nger unbekannt");
  EXPECT_EQ(decode_pasted("smtp; =?utf-8?Q?550_5.1.1_No?=\n =?utf-8?Q?_such_user?=\nRemote: x"),
            "smtp; 550 5.1.1 No such user\nRemote: x");
}

TEST(PastedText, QuotedPrintableIsDecoded) {
  EXPECT_EQ(decode_pasted("550 5.2.2 The email account that you tried to reach is over qu=\nota."),
            "550 5.2.2 The email account that you tried to reach is over quota.");
  EXPECT_EQ(decode_pasted("see http://a.example/?u=3D1=\r\n2"), "see http://a.example/?u=12");
  EXPECT_EQ(decode_pasted("Empf=C3=A4nger =\nunbekannt"), "Empf\u00E4nger unbekannt");
  EXPECT_EQ(decode_pasted("bo=c3=aete pleine"), "bo\u00EEte pleine");
  EXPECT_EQ(decode_pasted("Empf=E4nger"), "Empf\xE4nger");
}

TEST(PastedText, EachBlockIsJudgedByItself) {
  EXPECT_EQ(
      decode_pasted("Content-Type: text/plain; charset=utf-8\n\nPostfach =C3=BCberf=\n=C3=BCllt\n"),
      "Content-Type: text/plain; charset=utf-8\n\nPostfach \u00FCberf\u00FCllt\n");
}

TEST(PastedText, EqualsSignsOfOrdinaryRepliesStay) {
  for (const char* text :
       {"552 size=20 limit=90", "550 see https://a.example/?id=AB12CD", "421 RP-001 x=y",
        "250 a=", "======\n550 no\n======", "550 =?not a word? =", "550 5.7.1 BL=C0FFEE",
        "550 id=3F2504E0-4F89-41D3"}) {
    EXPECT_EQ(decode_pasted(text), text);
  }
}

TEST(PastedText, AnyBytesAreTaken) {
  EXPECT_EQ(decode_pasted(""), "");
  for (const char* piece : {"=", "=?", "=\n", "=?a?Q?x?=", "=3D", "= ", "\xFF=C3", "=?x?B?\n"}) {
    std::string text;
    for (int i = 0; i < 200000; ++i) text += piece;
    EXPECT_LE(decode_pasted(text).size(), text.size() * 2) << piece;
  }
}

TEST(PastedText, IsDiagnosedAsWhatItShows) {
  const Knowledge knowledge = Knowledge::load();
  const auto cause = [&](const char* text) { return diagnose_text(text, "", knowledge).cause; };
  EXPECT_EQ(cause("=?utf-8?B?NTUwIE1haWxib3ggcXVvdGEgZXhjZWVkZWQ=?="), Cause::kMailboxFull);
  EXPECT_EQ(cause("550 The mailbox is over its quo=\nta, try again later"), Cause::kMailboxFull);
}

}  // namespace
}  // namespace plainbounce
