#include "lib/report/prose/recipient_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/base/text.h"
#include "lib/mail/address.h"
#include "lib/report/prose/bounce_text.h"
#include "lib/report/prose/program_output.h"
#include "lib/report/prose/prose_lines.h"
#include "lib/report/prose/recipient_blocks.h"
#include "lib/report/prose/recipient_entries.h"
#include "lib/report/prose/transcript.h"

namespace plainbounce {
namespace {

// What the words may call a recipient, in canonical form (address.h), the surest name first.
// Sendmail names its own users without a domain.
struct RecipientNames {
  explicit RecipientNames(const RecipientReport& recipient)
      : addresses{canonical_address(recipient.final_recipient),
                  canonical_address(recipient.actual_recipient),
                  canonical_address(recipient.original_recipient)},
        users{std::string(local_part(addresses[0])), std::string(local_part(addresses[1])),
              std::string(local_part(addresses[2]))} {}

  std::array<std::string, 3> addresses;
  std::array<std::string, 3> users;
};

using WantedNames = std::unordered_set<std::string>;

WantedNames wanted_names(const std::vector<RecipientReport>& recipients,
                         const std::stop_token& stop) {
  WantedNames wanted;
  for (const RecipientReport& recipient : recipients) {
    end_if_stopped(stop);
    RecipientNames names(recipient);
    wanted.insert(names.addresses.begin(), names.addresses.end());
    wanted.insert(names.users.begin(), names.users.end());
  }
  wanted.erase("");
  return wanted;
}

// The words, read once in each of the ways that forms need. The recipients must outlive it.
struct Words {
  Words(std::string_view text, const StockPhrases& known, const std::vector<RecipientReport>& all,
        const std::stop_token& stop)
      : lines(split_lines(text)),
        wanted(wanted_names(all, stop)),
        entries(lines, known, wanted, stop),
        blocks(lines, all, stop),
        transcript(lines, wanted, kMaxPassage, stop),
        output(lines, known, wanted, stop),
        phrases(known),
        only_one(all.size() == 1) {}
  Words(const Words&) = delete;  // its parts point to each other
  Words& operator=(const Words&) = delete;

  ProseLines lines;
  WantedNames wanted;
  RecipientEntries entries;
  RecipientBlocks blocks;
  Transcript transcript;
  ProgramOutput output;
  const StockPhrases& phrases;
  bool only_one;
};

struct Recipient {
  std::size_t place;  // in the list
  const RecipientReport& report;
  RecipientNames names;
};

template <typename Texts, typename Find>
std::string first_text(const Texts& names, const Find& find) {
  for (const std::string& name : names) {
    if (std::string text(find(name)); !text.empty()) return text;
  }
  return {};
}

// The sentences that stand in every bounce of their server fall away: they say "rejected" and
// "refused" of whatever happened.
std::string without_stock_sentences(std::string_view text, const StockPhrases& phrases,
                                    std::string_view also_ends = ". ") {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min({text.find(". "), text.find(": "), text.find(also_ends)});
    const std::string_view sentence = text.substr(0, end == std::string_view::npos ? end : end + 2);
    if (!phrases.stand_in(sentence, PhrasePurpose::kStock)) out += sentence;
    text.remove_prefix(sentence.size());
  }
  return out;
}

// Postfix, OpenSMTPD: "<address>: ..." and the rest of the paragraph; qmail: the same, with the
// words below the address; Exim, Sendmail: the lines below it that are indented deeper.
std::string entry_of_address(Words& words, const Recipient& recipient) {
  const std::string& origin = recipient.names.addresses.back();
  return first_text(recipient.names.addresses,
                    [&](const std::string& name) { return words.entries.entry(name, origin); });
}

// Gateways and others: the first lines that mention the address, to the end of the paragraph.
std::string mention_of_address(Words& words, const Recipient& recipient) {
  return first_text(recipient.names.addresses,
                    [&](const std::string& name) { return words.entries.mention(name); });
}

// Sendmail: an entry under the name of one of its own users.
std::string entry_of_user(Words& words, const Recipient& recipient) {
  return first_text(recipient.names.users,
                    [&](const std::string& name) { return words.entries.entry(name); });
}

// Exchange: the paragraph above the addresses, where there is no Diagnostic-Code.
std::string paragraph_above(Words& words, const Recipient& recipient) {
  if (!recipient.report.diagnostic.empty()) return {};
  const std::string lead = first_text(
      recipient.names.addresses, [&](const std::string& name) { return words.entries.lead(name); });
  // "... to the following recipients, due to being unable to connect"
  return without_stock_sentences(lead, words.phrases, ", ");
}

// Exim: what a program printed, from "The following text was generated during the delivery".
std::string printed_about(Words& words, const Recipient& recipient) {
  return first_text(recipient.names.addresses,
                    [&](const std::string& name) { return words.output.about(name); });
}

// Sendmail: the session's lines about the address, from "Transcript of session follows".
std::string session_about(Words& words, const Recipient& recipient) {
  if (words.only_one) return std::string(words.transcript.whole());
  const auto about = [&](const std::string& name) { return words.transcript.about(name); };
  std::string text = first_text(recipient.names.addresses, about);
  return text.empty() ? first_text(recipient.names.users, about) : text;
}

// Nearly all: a line that gives a server's reply, in the recipient's lines.
std::string reply_in_block(Words& words, const Recipient& recipient) {
  return words.blocks.reply(recipient.place);
}

// qmail and many gateways: the first words after the address that a line begins with.
std::string words_below_address(Words& words, const Recipient& recipient) {
  return without_stock_sentences(words.blocks.words_below(recipient.place), words.phrases);
}

// One way in which mail systems say what became of a recipient. Empty: it isn't said so.
using Form = std::string (*)(Words&, const Recipient&);

// The first form that says something decides: beside a delivery-status block, and without one.
constexpr std::array<Form, 4> kFormsBesideStatus = {entry_of_address, mention_of_address,
                                                    entry_of_user, paragraph_above};
constexpr std::array<Form, 4> kFormsAlone = {session_about, printed_about, reply_in_block,
                                             words_below_address};

template <std::size_t Size>
std::string said_in(const std::array<Form, Size>& forms, Words& words, const Recipient& recipient) {
  for (const Form form : forms) {
    if (std::string text = form(words, recipient); !text.empty()) return text;
  }
  return {};
}

// Sendmail's "(reason: 550 ...)" -> "550 ..."
std::string_view without_reason_mark(std::string_view text) {
  constexpr std::string_view kMark = "(reason: ";
  if (text.starts_with("(expanded from: ") && text.ends_with(')')) return {};
  if (!text.starts_with(kMark)) return text;
  text.remove_prefix(kMark.size());
  const std::size_t close = text.rfind(") (expanded from: ");
  if (close != std::string_view::npos) return text.substr(0, close);
  if (text.ends_with(')')) text.remove_suffix(1);
  return text;
}

// The transcript has the reason's words again, and in full.
std::string join_with_session(std::string_view entry, const std::string& session) {
  const std::string_view reason = without_reason_mark(entry);
  if (session.empty()) return std::string(reason);
  if (session.find(reason) != std::string::npos) return session;
  return std::string(cut_utf8(std::string(reason) + ' ' + session, kMaxPassage));
}

// Several addresses may stand above one explanation for all of them.
constexpr std::size_t kTellingBytes = 12;

bool tells_something(std::string_view block, const RecipientReport& recipient) {
  return block.size() >= recipient.final_recipient.size() + kTellingBytes;
}

}  // namespace

void add_passages(std::string_view text, const StockPhrases& phrases,
                  std::vector<RecipientReport>& recipients, const std::stop_token& stop) {
  Words words(without_footer(text, phrases), phrases, recipients, stop);
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    end_if_stopped(stop);
    const Recipient recipient{i, recipients[i], RecipientNames(recipients[i])};
    const std::string session = session_about(words, recipient);
    recipients[i].passage =
        join_with_session(said_in(kFormsBesideStatus, words, recipient),
                          session.empty() ? printed_about(words, recipient) : session);
  }
}

void take_words(std::string_view text, std::string_view subject, const StockPhrases& phrases,
                std::vector<RecipientReport>& recipients, const std::stop_token& stop) {
  Words words(text, phrases, recipients, stop);
  const std::string beginning(cut_utf8(text, 2 * kMaxPassage));
  const std::string all =
      without_stock_sentences(collapse_space(std::string(subject) + ". " + beginning), phrases);
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    end_if_stopped(stop);
    const Recipient recipient{i, recipients[i], RecipientNames(recipients[i])};
    recipients[i].diagnostic = said_in(kFormsAlone, words, recipient);
    recipients[i].passage = words.only_one ? std::string() : words.blocks.text(i);
    if (!tells_something(recipients[i].passage, recipients[i])) {
      recipients[i].passage = cut_utf8(all, kMaxPassage);
    }
  }
}

}  // namespace plainbounce
