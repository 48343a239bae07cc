// What became of the message, and who can act, by words and codes alone.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "lib/diagnosis/diagnose.h"
#include "tests/unit/report_on.h"

namespace plainbounce {
namespace {

// Rules and codes, without the learned model.
const Knowledge& knowledge() {
  static const Knowledge kKnowledge = [] {
    Knowledge loaded = Knowledge::load();
    loaded.set_cause_model({});
    return loaded;
  }();
  return kKnowledge;
}

TEST(OutcomeTest, ACodeOfSuccessDoesNotOutweighWordsOfFailure) {
  for (const auto& [text, cause] : std::map<std::string, std::string>{
           {"250 accepted but NOT relayed", "relay-denied"},
           {"254 4.7.1 Suppression list", "suppressed"},
           {"250 2.7.0 Ok, discarded, SPAM", "spam-suspected"},
           {"250 2.1.0 OK 550 5.1.1 Kein Postfach", "recipient-unknown"}}) {
    const RecipientDiagnosis found = diagnose_text(text, "", knowledge());
    EXPECT_EQ(id_of(found.outcome), "failed") << text;
    EXPECT_EQ(id_of(found.cause), cause) << text;
  }
  EXPECT_FALSE(is_undelivered(diagnose_text("250 2.0.0 Ok: queued", "", knowledge()).outcome));
}

TEST(OutcomeTest, AFailureHasNoCauseOfSuccess) {
  for (const char* const text :
       {"450 delivered", "550 5.0.0 message relayed", "relayed, expired"}) {
    const RecipientDiagnosis found = diagnose_text(text, "", knowledge());
    EXPECT_EQ(knowledge().cause(found.cause).success.has_value(), !is_undelivered(found.outcome))
        << text;
  }
}

TEST(OutcomeTest, WhoCanEndADelayIsTold) {
  RecipientReport recipient;
  recipient.action = Action::kDelayed;
  recipient.diagnostic = "454 4.7.1 <a@example.com>: Relay access denied";
  RecipientDiagnosis found = diagnose(report_on(recipient), knowledge()).recipients[0];
  EXPECT_EQ(id_of(found.outcome), "delayed");
  EXPECT_NE(found.actor, Actor::kNobody);
  recipient.diagnostic = "450 4.2.0 greylisted, try again in 5 minutes";
  found = diagnose(report_on(recipient), knowledge()).recipients[0];
  EXPECT_EQ(found.actor, Actor::kNobody);
}

TEST(OutcomeTest, ADelayIsToldByWords) {
  for (const char* const text :
       {"Delivery incomplete: the server will retry for 46 more hours",
        "La entrega se ha retrasado. Seguiremos intentándolo", "Doručení se zpozdilo",
        "status=deferred (connect to mx.example.com[192.0.2.1]:25: Connection timed out)"}) {
    EXPECT_EQ(id_of(diagnose_text(text, "", knowledge()).outcome), "delayed") << text;
  }
  EXPECT_EQ(id_of(diagnose_text("550 5.1.1 unknown (delivery delayed)", "", knowledge()).outcome),
            "failed");
  EXPECT_EQ(
      id_of(diagnose_text("No further attempts will be made. 450 4.2.2", "", knowledge()).outcome),
      "gave-up");
}

}  // namespace
}  // namespace plainbounce
