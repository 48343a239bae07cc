// What a notice or an explanation says -> plain text.
#ifndef PLAINBOUNCE_LIB_NOTICE_LAYOUT_TEXT_H_
#define PLAINBOUNCE_LIB_NOTICE_LAYOUT_TEXT_H_

#include <string>

#include "lib/notice/content.h"
#include "lib/notice/speaker.h"

namespace plainbounce {

// Returns an empty string where the template can't be rendered. Lines end LF.
//
// Every value is wrapped before it is put into the template, whose own lines must be short.
// `below`: a line for the top, in another language; empty: none.
std::string lay_out_text(const NoticeContent& content, const std::string& mustache,
                         const Speaker& speaker, const std::string& below = "");

// The same for the explanation of a bare reply.
std::string lay_out_explanation(const ExplanationContent& content, const std::string& mustache,
                                const Speaker& speaker);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LAYOUT_TEXT_H_
