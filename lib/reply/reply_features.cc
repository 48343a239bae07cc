#include "lib/reply/reply_features.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <initializer_list>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/reply/reply_pieces.h"

namespace plainbounce {
namespace {

using Kind = ReplyPiece::Kind;

constexpr std::size_t kMaxLetters = 48;  // of one word; Chinese has no blanks between words
constexpr std::size_t kShortest = 3;     // letters in a row
constexpr std::size_t kLongest = 4;

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::kNumber:
      return "_n_";
    case Kind::kAddress:
      return "_addr_";
    case Kind::kHost:
      return "_host_";
    case Kind::kIp:
      return "_ip_";
    case Kind::kLink:
      return "_url_";
    case Kind::kId:
      return "_id_";
    case Kind::kWord:
    case Kind::kMark:
      break;
  }
  return {};
}

// Small letters, whatever the script; valid UTF-8 in, valid UTF-8 out.
std::string lower_case(std::string_view text) {
  if (is_ascii(text)) return ascii_lower(text);
  std::string out;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, size, c);
    append_utf8(out, static_cast<std::uint32_t>(c < 0 ? 0xFFFD : u_tolower(c)));
  }
  return out;
}

// "mailbox_full", "over-quota", "NoMxHostFoundException" -> their words.
void add_words_in(std::string_view run, std::vector<std::string>& words) {
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    if (end > begin) words.push_back(lower_case(run.substr(begin, end - begin)));
    begin = end;
  };
  for (std::size_t i = 0; i < run.size(); ++i) {
    const bool joint = (run[i] & 0x80) == 0 && !is_alphanumeric(run[i]) && run[i] != '\'';
    const bool hump = i > 0 && lower(run[i]) != run[i] && is_letter(run[i - 1]) &&
                      lower(run[i - 1]) == run[i - 1];
    if (joint || hump) close(i);
    if (joint) begin = i + 1;
  }
  close(run.size());
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const ReplyPiece& piece : split_reply(text)) {
    if (words.size() >= kMaxFeatureWords) break;
    if (piece.kind == Kind::kMark) continue;
    const bool is_word =
        piece.kind == Kind::kWord ||
        (piece.kind == Kind::kId && !std::any_of(piece.text.begin(), piece.text.end(), is_digit));
    if (is_word) {
      add_words_in(piece.text, words);
    } else {
      words.emplace_back(type_of(piece.kind));
    }
  }
  return words;
}

// Where each letter of "<word>" begins, and its end.
std::vector<std::size_t> letters_of(std::string_view word) {
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < word.size() && begins.size() <= kMaxLetters; ++i) {
    if ((static_cast<unsigned char>(word[i]) & 0xC0) != 0x80) begins.push_back(i);
  }
  if (begins.size() <= kMaxLetters) begins.push_back(word.size());
  return begins;
}

// `tell` is given the pieces of a name, one after another.
template <typename Tell>
void tell_letters(std::string_view word, const Tell& tell) {
  const std::string marked = fmt::format("<{}>", word);
  const std::vector<std::size_t> at = letters_of(marked);
  for (std::size_t length = kShortest; length <= kLongest; ++length) {
    for (std::size_t i = 0; i + length < at.size(); ++i) {
      tell({"~", std::string_view(marked).substr(at[i], at[i + length] - at[i])});
    }
  }
}

template <typename Tell>
void tell_codes(const Reply& reply, const Tell& tell) {
  if (reply.code != 0) {
    tell({"code=", std::to_string(reply.code)});
    tell({"class=", std::to_string(reply.code / 100)});
  }
  if (reply.status) {
    tell({"status=", to_string(*reply.status)});
    tell({"detail=", std::to_string(reply.status->subject), ".",
          std::to_string(reply.status->detail)});
  }
  // Most replies answer RCPT, whether that is told or not.
  if (reply.stage != Stage::kUnknown && reply.stage != Stage::kRcpt) {
    tell({"stage=", id_of(reply.stage)});
  }
}

template <typename Tell>
void tell_all(std::string_view text, const Reply& reply, const Tell& tell) {
  const std::vector<std::string> words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    tell({words[i]});
    if (i + 1 < words.size()) tell({words[i], " ", words[i + 1]});
    if (words[i].front() != '_') tell_letters(words[i], tell);
  }
  tell_codes(reply, tell);
}

using Parts = std::initializer_list<std::string_view>;

// FNV-1a.
Feature hash_of(Parts pieces) {
  Feature hash = 2166136261U;
  for (const std::string_view piece : pieces) {
    for (const char c : piece) {
      hash ^= static_cast<unsigned char>(c);
      hash *= 16777619U;
    }
  }
  return hash;
}

// Each once, in order.
template <typename Value>
void settle(std::vector<Value>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

Feature feature_of(std::string_view name) { return hash_of({name}); }

std::vector<std::string> reply_feature_names(std::string_view text, const Reply& reply) {
  std::vector<std::string> names;
  tell_all(text, reply, [&](Parts pieces) {
    std::string& name = names.emplace_back();
    for (const std::string_view piece : pieces) name += piece;
  });
  settle(names);
  return names;
}

// As the names' hashes, but no name is ever made.
std::vector<Feature> reply_features(std::string_view text, const Reply& reply) {
  std::vector<Feature> features;
  tell_all(text, reply, [&](Parts pieces) { features.push_back(hash_of(pieces)); });
  settle(features);
  return features;
}

}  // namespace plainbounce
