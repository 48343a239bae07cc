// A notice's lines -> the paragraphs that are headed by an address, or mention one.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_ENTRIES_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_ENTRIES_H_

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lib/knowledge/stock_phrases.h"
#include "lib/mail/address_scan.h"
#include "lib/report/prose/prose_lines.h"

namespace plainbounce {

// An entry begins with an address, as nearly all mail systems have it: "<anna@example.com>: ..."
// and the lines down to the next entry or an empty line; the address alone, and deeper lines or a
// paragraph below it. It may name the address that this one was made from as well, and then begin
// with something else: "pipe to |/bin/filter", "an undisclosed address". Names are addresses, or
// users without a domain, in lower case.
class RecipientEntries {
 public:
  // Reads the lines once, however many names are `wanted`. All must outlive it.
  RecipientEntries(const ProseLines& lines, const StockPhrases& phrases,
                   const std::unordered_set<std::string>& wanted, const std::stop_token& stop = {});

  // What the entry with that name says, without addresses in front: of several the first that
  // names `origin` as well, else the first. Empty: nothing, or no entry.
  std::string entry(const std::string& name, const std::string& origin = {}) const;
  // The first entry or paragraph that the address stands in, from its line on.
  std::string mention(const std::string& name) const;
  // The paragraph above the name's entry, and those beside it.
  std::string lead(const std::string& name) const;

 private:
  // Lines that are about one address.
  struct Entry {
    std::string_view first;  // what the first line says after the address
    std::size_t begin = 0;   // the lines after the first one
    std::size_t end = 0;
    std::size_t lead_begin = 0;  // the paragraph above the addresses: "Delivery to these failed."
    std::size_t lead_end = 0;
    std::vector<std::string> origins;  // names
  };
  using Index = std::unordered_map<std::string, std::size_t>;
  using Places = std::unordered_map<std::string, std::vector<std::size_t>>;

  std::size_t read_from(std::size_t line);
  void note_lead(std::size_t line);
  std::size_t add_entry(std::size_t line, std::size_t end, const LeadingAddress& leading);
  std::vector<std::string> origins_in(std::string_view line) const;
  void take_origins(Entry& entry) const;
  bool begins_anew(std::string_view line) const;
  bool heads_nameless(std::size_t line) const;
  bool is_deeper(std::size_t line, std::size_t than) const;
  std::size_t end_of_entry(std::size_t line, bool has_words) const;
  bool begins_entry(std::size_t line, std::size_t after) const;
  std::size_t end_of_paragraph(std::size_t line);
  void mention_in(std::size_t line, std::size_t entry);
  std::string text_of(const Entry& entry) const;

  const ProseLines& lines_;
  const StockPhrases& phrases_;
  const std::unordered_set<std::string>& wanted_;
  std::vector<Entry> all_;
  Places entries_;  // by the address that they begin with
  Index mentions_;
  std::size_t paragraph_end_ = 0;
  std::size_t lead_begin_ = 0;  // the last paragraph that is no entry
  std::size_t lead_end_ = 0;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_ENTRIES_H_
