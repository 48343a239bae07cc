// The subject of the message that was sent -> the language that it speaks for.
#ifndef PLAINBOUNCE_LIB_NOTICE_SUBJECT_LANGUAGE_H_
#define PLAINBOUNCE_LIB_NOTICE_SUBJECT_LANGUAGE_H_

#include <string_view>

namespace plainbounce {

// As BCP 47: "ja", "zh-Hans", "zh-Hant", "uk"; empty: none for sure, as with Latin letters, which
// so many languages share. What mail programs put in front (subject-prefixes.tsv) and tags in
// square brackets don't count. Total.
//
// charset: the MIME name of the one that the subject was sent in; empty: not known. One that a
// single language is written in tells it where the letters allow that.
// subject: UTF-8, decoded; its first 1000 bytes count.
std::string_view language_of_subject(std::string_view charset, std::string_view subject);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_SUBJECT_LANGUAGE_H_
