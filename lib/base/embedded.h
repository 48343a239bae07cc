// The data files that are compiled in: rules, codes, messages, templates.
#ifndef PLAINBOUNCE_LIB_BASE_EMBEDDED_H_
#define PLAINBOUNCE_LIB_BASE_EMBEDDED_H_

#include <span>
#include <string_view>

namespace plainbounce {

// One compiled-in file. Both views live as long as the program.
struct EmbeddedFile {
  std::string_view name;     // path below lib/, e.g. "knowledge/rules/postfix.toml"
  std::string_view content;  // the file's bytes
};

// The one of that name. Throws DataError: there is none.
const EmbeddedFile& embedded_file(std::span<const EmbeddedFile> files, std::string_view name);

// Everything below lib/knowledge and lib/typo that is data, but for the rules.
std::span<const EmbeddedFile> knowledge_files();

// What pack_rules() (knowledge/rule_pack.h) made of the rules; the only one.
std::span<const EmbeddedFile> packed_rules();

// What learn/pack_words.cc made of all replies (knowledge/known_words.h); the only one.
std::span<const EmbeddedFile> packed_words();

// Everything below lib/knowledge/rules, as it was written. Not in the library: only who packs it,
// and tests, are linked with it.
std::span<const EmbeddedFile> rule_files();

// Everything below lib/mail that is data.
std::span<const EmbeddedFile> mail_files();

// Everything below lib/reply that is data.
std::span<const EmbeddedFile> reply_files();

// Everything below lib/notice that is data.
std::span<const EmbeddedFile> notice_files();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_EMBEDDED_H_
