// NoticeContent + Mustache template -> the notice as text and as HTML.
#ifndef PLAINBOUNCE_LIB_NOTICE_LAYOUT_H_
#define PLAINBOUNCE_LIB_NOTICE_LAYOUT_H_

#include <string>
#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/phrases.h"

namespace plainbounce {

// Both return an empty string where the template can't be rendered. Lines end LF.
//
// Text: every value is wrapped before it is put into the template, whose own lines must be short.
// `below`: a line for the top, in another language; empty: none.
std::string lay_out_text(const NoticeContent& content, const std::string& mustache,
                         const Phrases& phrases, const std::string& below = "");

// A notice in one language. The references must outlive it.
struct Edition {
  const NoticeContent& content;
  const Phrases& phrases;
};

// HTML: the template escapes every value. At least one edition; the second stands below the first.
std::string lay_out_html(const std::vector<Edition>& editions, const std::string& mustache);

// The same for the explanation of a bare reply.
std::string lay_out_explanation(const ExplanationContent& content, const std::string& mustache,
                                const Phrases& phrases);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LAYOUT_H_
