// What a notice says, sentence by sentence, before it is laid out as text and as HTML.
#ifndef PLAINBOUNCE_LIB_NOTICE_CONTENT_H_
#define PLAINBOUNCE_LIB_NOTICE_CONTENT_H_

#include <cstddef>
#include <string>
#include <vector>

namespace plainbounce {

// Everything here is UTF-8 without line ends (unless a field says otherwise) and fit to be shown;
// it is not yet escaped for HTML. Empty: left out.

// One field with its name: "Queue ID", "4ABC".
struct LabelledLine {
  std::string label;
  std::string value;

  bool operator==(const LabelledLine&) const = default;
};

// kNone: not reached, or not known.
enum class PathMark { kPassed, kStopped, kWaiting, kNone };

// One party on the way from the sender to the recipient.
struct PathStop {
  std::string name;
  PathMark mark = PathMark::kNone;
  std::string note;  // "no such address"
};

// What the reader can do about some of the recipients.
struct Advice {
  std::string heading;  // names them where there is other advice besides; empty: it is the only one
  std::string turn;     // paragraph in front of the steps
  bool is_success = false;
  std::vector<std::string> steps;
  std::string avoid;
  std::string extra;  // the house's own

  bool empty() const { return turn.empty() && steps.empty() && avoid.empty() && extra.empty(); }
};

// One line of the table of several recipients: those of one group.
struct SummaryRow {
  std::vector<std::string> addresses;  // of many the first
  std::size_t count = 0;               // of all
  PathMark mark = PathMark::kNone;
  std::string fate;             // "Not delivered"
  std::string reason;           // a sentence without its full stop; empty: a success
  std::string fate_and_reason;  // both in one
  std::string move;             // "Check the address"
};

// What is told about one group of recipients.
struct GroupContent {
  std::string heading;  // of several groups; empty where there is only one

  std::vector<PathStop> path;          // sender, own mail service, theirs; of a group alone
  std::vector<std::string> addresses;  // only where a heading or headline doesn't name them all
  std::string more_addresses;          // "and 7 more addresses"
  std::string what;                    // paragraph
  std::string quote;                   // the server's reply, where it must speak for itself
  std::string quote_label;             // "The answer from Google (Gmail), word for word"
  Advice advice;                       // of this group alone
};

// One recipient in the administrator's part, or several of whom the same is said.
struct AdminEntry {
  std::string address;  // a list where the same is said of several
  std::vector<LabelledLine> lines;
  std::string reply;  // verbatim, but for what visible() changes
};

// What the administrator should check for one cause, and the recipients concerned.
struct AdminGroup {
  std::string advice;             // paragraph
  std::vector<std::string> more;  // what to check besides, by provider and block list

  std::vector<AdminEntry> entries;
};

struct HelpDesk {
  std::string line;   // "If you need help, ask the IT help desk."
  std::string email;  // a plain address that may become a mailto: link
  std::string phone;
  std::string phone_link;         // for a tel: link; empty: none
  std::vector<std::string> urls;  // http or https; may become links
};

struct NoticeContent {
  std::string subject;
  std::string
      preview;  // what mail programs show beside the subject: the reason, and the first step
  std::string headline;  // one sentence: what became of the message, and why
  // The same in two: "Your message to a@example.com wasn't delivered:" and "The mailbox is full".
  // Empty: the headline has no reason, or doesn't end with it.
  std::string verdict;
  std::string reason;
  std::string letterhead;           // who writes: "Example University"
  std::string logo;                 // a few letters in front of it
  std::string accent;               // colour of both and of links: "#rrggbb"
  std::string accent_dark;          // the same where the page is dark
  PathMark fate = PathMark::kNone;  // of the message as a whole
  // The text form begins with the reason, since mail programs show its first words: "Not delivered:
  // the mailbox is full", "Your message to a@example.com". Empty: with the headline.
  std::string short_headline;
  std::string short_to;
  std::vector<SummaryRow> summary;  // empty: there is one group
  // Of all groups that need any, each once. Those of a group stand in it, too, for an explanation.
  std::vector<Advice> advice;
  std::vector<GroupContent> groups;  // without successes, where there are several
  std::string more_groups;           // "and 7 more addresses", which are in no row and no group

  std::vector<LabelledLine> message;   // the message that was sent
  std::string about;                   // paragraph: whom this is about, whom not
  std::vector<std::string> forged;     // for somebody who didn't send it
  HelpDesk help;                       // all empty: none
  std::vector<std::string> signature;  // lines
  std::string admin_intro;
  std::vector<LabelledLine> admin_message;  // fields of the report as a whole
  std::vector<AdminGroup> admin;
  std::size_t omitted_recipients = 0;  // that have no AdminEntry
  std::string original;                // the server's own first part; has line ends
};

// One meaning of a code.
struct CodeMeaning {
  std::string meaning;   // paragraph
  std::string suggests;  // the cause, and how far it may be believed; paragraph
};

// What is told about a bare reply (explain.h) or a code (explain_code.h).
struct ExplanationContent {
  std::vector<std::string> codes;     // what each code means; paragraphs
  std::vector<CodeMeaning> meanings;  // of the one code that was asked for
  std::string related;                // other codes for the same; paragraph
  std::string note;                   // whether it is an error at all
  std::vector<GroupContent> groups;   // one, or none for a success
  std::vector<AdminGroup> admin;      // likewise
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_CONTENT_H_
