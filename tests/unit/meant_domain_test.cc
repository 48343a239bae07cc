// Which domain was meant: measured on typed errors and on real domains, and piece by piece.
#include "lib/typo/meant_domain.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lib/diagnosis/diagnose.h"
#include "lib/knowledge/knowledge.h"
#include "lib/report/recipient_replies.h"
#include "lib/typo/public_suffix.h"
#include "lib/typo/typing_slip.h"

namespace plainbounce {
namespace {

namespace fs = std::filesystem;
const fs::path kLists = fs::path(PLAINBOUNCE_SOURCE_DIR) / "tests/unit/meant-domains";
const fs::path kTypoDirectory = fs::path(PLAINBOUNCE_SOURCE_DIR) / "lib/typo";

std::string read_all(const fs::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::istringstream in(read_all(path));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  return lines;
}

const MailDomains& domains() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge.mail_domains();
}

std::string meant(std::string_view typed, Existence existence = Existence::kMissing) {
  return find_meant_domain(typed, existence, domains());
}

// The data without its list of domains that are known to be other people's.
MailDomains domains_without_others() {
  std::string kept;
  std::istringstream in(read_all(kTypoDirectory / "mail-domains.tsv"));
  for (std::string line; std::getline(in, line);) {
    if (line.find("\tother\t") == std::string::npos) kept += line + "\n";
  }
  MailDomains result;
  result.load("mail-domains.tsv", kept);
  return result;
}

TEST(MeantDomainTest, NoRealDomainIsTakenForASlip) {
  const auto real = lines_of(kLists / "real-domains.txt");
  EXPECT_GT(real.size(), 700U);
  for (const std::string& domain : real) {
    EXPECT_EQ(meant(domain), "") << domain;
    EXPECT_EQ(meant(domain, Existence::kPossible), "") << domain;
  }
}

TEST(MeantDomainTest, HardlyAnyRealDomainNeedsTheListOfOthers) {
  const MailDomains unprotected = domains_without_others();
  const auto real = lines_of(kLists / "real-domains.txt");
  std::size_t wrong = 0;
  for (const std::string& domain : real) {
    if (find_meant_domain(domain, Existence::kMissing, unprotected).empty()) continue;
    std::cout << "  would be taken for a slip: " << domain << "\n";
    ++wrong;
  }
  RecordProperty("false_proposals", static_cast<int>(wrong));
  EXPECT_LT(wrong * 100, real.size() * 4);
}

TEST(MeantDomainTest, NoKnownDomainIsTakenForASlip) {
  std::size_t count = 0;
  for (const MailName& name : domains().names()) {
    for (const std::string& suffix : name.suffixes) {
      const std::string domain = name.name + "." + suffix;
      EXPECT_EQ(meant(domain), "") << domain;
      EXPECT_EQ(meant("mx1." + domain), "") << domain;
      ++count;
    }
  }
  EXPECT_GT(count, 1000U);
}

TEST(MeantDomainTest, CollectedTypingErrorsAreUnderstood) {
  const auto rows = lines_of(kLists / "typed-errors.tsv");
  EXPECT_GT(rows.size(), 300U);
  for (const std::string& row : rows) {
    const std::size_t tab = row.find('\t');
    const std::string typed = row.substr(0, tab);
    const std::string expected = row.substr(tab + 1);
    if (typed == "typed") continue;
    EXPECT_EQ(meant(typed), expected == "-" ? "" : expected) << typed;
  }
}

// Every error of one kind that a hand can make in a word.
std::set<std::string> swapped(const std::string& word) {
  std::set<std::string> errors;
  for (std::size_t i = 0; i + 1 < word.size(); ++i) {
    std::string error = word;
    std::swap(error[i], error[i + 1]);
    errors.insert(error);
  }
  errors.erase(word);
  return errors;
}

std::set<std::string> doubled(const std::string& word) {
  std::set<std::string> errors;
  for (std::size_t i = 0; i < word.size(); ++i) {
    errors.insert(word.substr(0, i) + word[i] + word.substr(i));
  }
  return errors;
}

std::set<std::string> missing(const std::string& word) {
  std::set<std::string> errors;
  for (std::size_t i = 0; i < word.size(); ++i) {
    errors.insert(word.substr(0, i) + word.substr(i + 1));
  }
  return errors;
}

std::set<std::string> neighbours(const std::string& word) {
  std::set<std::string> errors;
  for (std::size_t i = 0; i < word.size(); ++i) {
    for (char c = 'a'; c <= 'z'; ++c) {
      if (c == word[i] || !are_neighbours(c, word[i])) continue;
      errors.insert(word.substr(0, i) + c + word.substr(i + 1));
    }
  }
  return errors;
}

struct Score {
  int right = 0;
  int wrong = 0;
  int none = 0;

  int all() const { return right + wrong + none; }
};

// Every error in every name of this standing, of at least five letters.
Score score(std::set<std::string> (*errors_in)(const std::string&), Standing standing) {
  Score score;
  for (const MailName& name : domains().names()) {
    if (name.standing != standing || name.name.size() < 5) continue;
    if (name.name.find('.') != std::string::npos) continue;
    const std::string expected = name.name + "." + name.suffixes.front();
    for (const std::string& error : errors_in(name.name)) {
      const std::string typed = error + "." + name.suffixes.front();
      if (domains().is_known(typed) || error.front() == '-') continue;
      const std::string proposal = meant(typed);
      if (proposal == expected) {
        ++score.right;
      } else if (proposal.empty()) {
        ++score.none;
      } else {
        ++score.wrong;
        std::cout << "  " << typed << ": " << proposal << "\n";
      }
    }
  }
  return score;
}

void expect_score(const char* what, std::set<std::string> (*errors_in)(const std::string&),
                  int least_percent) {
  Score sum;
  for (const Standing standing : {Standing::kBrand, Standing::kService}) {
    const Score part = score(errors_in, standing);
    sum.right += part.right;
    sum.wrong += part.wrong;
    sum.none += part.none;
  }
  std::cout << what << ": " << sum.right << " of " << sum.all() << " right, " << sum.wrong
            << " wrong\n";
  EXPECT_GT(sum.all(), 300);
  EXPECT_GE(sum.right * 100, sum.all() * least_percent);
  EXPECT_EQ(sum.wrong, 0);
}

TEST(MeantDomainTest, SwappedLettersAreUnderstood) { expect_score("swapped", swapped, 98); }
TEST(MeantDomainTest, DoubledLettersAreUnderstood) { expect_score("doubled", doubled, 98); }
TEST(MeantDomainTest, MissingLettersAreUnderstood) { expect_score("missing", missing, 90); }
TEST(MeantDomainTest, NeighbouringKeysAreUnderstood) { expect_score("neighbour", neighbours, 90); }

TEST(MeantDomainTest, AWordIsOnlyTakenForThePlainestSlip) {
  EXPECT_EQ(meant("ornage.fr"), "orange.fr");
  EXPECT_EQ(meant("orage.fr"), "");
  EXPECT_EQ(meant("libra.it"), "");
  EXPECT_EQ(meant("emil.com"), "");
  EXPECT_EQ(meant("mial.com"), "");
}

TEST(MeantDomainTest, WhereTheDomainMayExistOnlyPlainSlipsCount) {
  EXPECT_EQ(meant("gmial.com", Existence::kPossible), "gmail.com");
  EXPECT_EQ(meant("hotmial.com", Existence::kPossible), "hotmail.com");
  EXPECT_EQ(meant("ornage.fr", Existence::kPossible), "");
  EXPECT_EQ(meant("hotmeil.com", Existence::kPossible), "");
}

TEST(MeantDomainTest, OfTwoThatAreEquallyNearNeitherIsProposed) {
  const std::vector<MailName> others = {{"seeburg-nord", Standing::kMessage, {"example"}},
                                        {"seeburg-word", Standing::kMessage, {"example"}}};
  EXPECT_EQ(find_meant_domain("seeburg-nrod.example", Existence::kMissing, domains(), others),
            "seeburg-nord.example");
  EXPECT_EQ(find_meant_domain("seeburg-ord.example", Existence::kMissing, domains(), others), "");
}

TEST(MeantDomainTest, AnotherNumberIsAnotherPlace) {
  const std::vector<MailName> others = {{"institute12", Standing::kMessage, {"example"}}};
  for (const char* typed : {"institute13.example", "institute21.example", "institute1.example",
                            "institute122.example", "institute.example"}) {
    EXPECT_EQ(find_meant_domain(typed, Existence::kMissing, domains(), others), "") << typed;
  }
  EXPECT_EQ(find_meant_domain("insittute12.example", Existence::kMissing, domains(), others),
            "institute12.example");
}

TEST(MeantDomainTest, OwnDomainsAreProposedAndNeverTakenForASlip) {
  MailDomains own = domains_without_others();
  const std::vector<std::string> house = {"Gmaik.com", "uni-seeburg.de"};
  own.add_own(house);
  EXPECT_EQ(find_meant_domain("gmaik.com", Existence::kMissing, own), "");
  EXPECT_EQ(find_meant_domain("uni-seebrug.de", Existence::kMissing, own), "uni-seeburg.de");
  EXPECT_EQ(find_meant_domain("uni-seeburg.com", Existence::kMissing, own), "uni-seeburg.de");
  EXPECT_EQ(find_meant_domain("uni-seeburg.com", Existence::kPossible, own), "");
  EXPECT_EQ(find_meant_domain("mail.uni-seeburg.de", Existence::kMissing, own), "");
}

TEST(PublicSuffixTest, NamesAreSplitWhereTheyAreSold) {
  const auto split = [](std::string_view domain) {
    const SplitDomain found = split_domain(domain);
    return std::string(found.name).append(" | ").append(found.suffix);
  };
  EXPECT_EQ(split("mail.example.co.uk"), "mail.example | co.uk");
  EXPECT_EQ(split("example.uk"), "example | uk");
  EXPECT_EQ(split("example.or.jp"), "example | or.jp");
  EXPECT_EQ(split("example.con.br"), "example.con | br");
  EXPECT_EQ(split("example.github.io"), "example.github | io") << "a private one";
  EXPECT_EQ(split("example.con"), "example | con");
  EXPECT_EQ(split("co.uk"), "co | uk");
  EXPECT_EQ(split("localhost"), "localhost | ");
  EXPECT_EQ(split("a."), "a | ");
  EXPECT_EQ(split(""), " | ");
}

TEST(PublicSuffixTest, TopLevelDomainsAreKnown) {
  for (const char* const label : {"com", "uk", "za", "er", "ck", "museum", "xn--p1ai"}) {
    EXPECT_TRUE(is_top_level_domain(label)) << label;
  }
  for (const char* const label : {"con", "cmo", "xx", "uk.", ""}) {
    EXPECT_FALSE(is_top_level_domain(label)) << label;
  }
}

TEST(MeantDomainTest, OddInputGivesNothing) {
  for (const std::string& typed :
       {std::string(), std::string("."), std::string(",,,"), std::string("@"), std::string("a"),
        std::string("www."), std::string("\xFF\xFE.com"), std::string("xn--"),
        std::string("[192.0.2.1]"), std::string("gmail.com") + std::string(1000000, 'm')}) {
    EXPECT_EQ(meant(typed), "") << typed.substr(0, 20);
  }
}

RecipientReport failed(std::string address, std::string diagnostic) {
  RecipientReport recipient;
  recipient.final_recipient = std::move(address);
  recipient.action = Action::kFailed;
  recipient.status = EnhancedStatus{5, 1, 2};
  recipient.diagnostic = std::move(diagnostic);
  std::size_t left = kMaxReplies;
  recipient.replies = read_replies(recipient, left);
  return recipient;
}

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

constexpr const char* kNoSuchDomain =
    "Host or domain name not found. Name service error for name=x type=A: Host not found";

TEST(MeantAddressTest, TheLocalPartStays) {
  Report report;
  report.recipients = {failed("Anna.Lind@gmial.com", kNoSuchDomain)};
  const Diagnosis diagnosis = diagnose(report, knowledge());
  ASSERT_EQ(diagnosis.recipients[0].cause, Cause::kDomainUnknown);
  EXPECT_EQ(diagnosis.recipients[0].facts.meant_address, "Anna.Lind@gmail.com");
}

TEST(MeantAddressTest, TheSendersAndOtherRecipientsDomainsAreCandidates) {
  Report report;
  report.original_sender = "maria@stadtwerke-seeburg.example";
  report.returned.to = {{"", "jo@northbank.example"}};
  report.recipients = {failed("a@stadtwerke-seebrug.example", kNoSuchDomain),
                       failed("b@norhtbank.example", kNoSuchDomain),
                       failed("c@southbank.example", kNoSuchDomain)};
  const Diagnosis diagnosis = diagnose(report, knowledge());
  EXPECT_EQ(diagnosis.recipients[0].facts.meant_address, "a@stadtwerke-seeburg.example");
  EXPECT_EQ(diagnosis.recipients[1].facts.meant_address, "b@northbank.example");
  EXPECT_EQ(diagnosis.recipients[2].facts.meant_address, "");
}

TEST(MeantAddressTest, ADomainThatIsMissingItselfIsNoCandidate) {
  Report report;
  report.returned.to = {{"", "a@norhtbank.example"}, {"", "b@northbnak.example"}};
  report.recipients = {failed("a@norhtbank.example", kNoSuchDomain),
                       failed("b@nrothbank.example", kNoSuchDomain)};
  const Diagnosis diagnosis = diagnose(report, knowledge());
  EXPECT_EQ(diagnosis.recipients[1].facts.meant_address, "");
}

TEST(MeantAddressTest, WhereTheAddressIsNotTheTroubleNothingIsProposed) {
  Report report;
  report.recipients = {failed("anna@gmial.com", "552 5.2.2 mailbox full")};
  const Diagnosis diagnosis = diagnose(report, knowledge());
  ASSERT_EQ(diagnosis.recipients[0].cause, Cause::kMailboxFull);
  EXPECT_EQ(diagnosis.recipients[0].facts.meant_address, "");
}

TEST(MeantAddressTest, AnUnknownUserAtALookAlikeIsProposedTheRealOne) {
  Report report;
  report.recipients = {failed("anna@gmial.com", "550 5.1.1 User unknown"),
                       failed("anna@gmail.com", "550 5.1.1 User unknown")};
  const Diagnosis diagnosis = diagnose(report, knowledge());
  EXPECT_EQ(diagnosis.recipients[0].facts.meant_address, "anna@gmail.com");
  EXPECT_EQ(diagnosis.recipients[1].facts.meant_address, "");
}

TEST(SlipTest, EachKindIsRecognised) {
  const std::vector<std::pair<const char*, Slip>> cases = {
      {"hotmail", Slip::kNone},      {"hotmmail", Slip::kDoubled}, {"hotmial", Slip::kSwapped},
      {"hotmsil", Slip::kNeighbour}, {"hotmal", Slip::kMissing},   {"hotmaikl", Slip::kExtra},
      {"hotxmail", Slip::kAnyExtra}, {"hotmxil", Slip::kAnyOther}, {"hoatmil", Slip::kMoved},
      {"ohtmial", Slip::kUnlike},    {"htomial", Slip::kTwo},      {"mailbox", Slip::kUnlike},
  };
  for (const auto& [typed, slip] : cases)
    EXPECT_EQ(find_slip(typed, "hotmail").slip, slip) << typed;
  EXPECT_EQ(find_slip("outlok", "outlook").slip, Slip::kUndoubled);
  EXPECT_EQ(find_slip("yahho", "yahoo").slip, Slip::kSwapped);
}

TEST(SlipTest, DigitsAreNoNeighboursOfEachOther) {
  EXPECT_FALSE(are_neighbours('1', '2'));
  EXPECT_TRUE(are_neighbours('0', 'o'));
  EXPECT_TRUE(are_neighbours('y', 'z'));
  EXPECT_FALSE(are_neighbours('a', 'p'));
}

}  // namespace
}  // namespace plainbounce
