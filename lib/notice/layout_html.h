// What a notice says -> HTML.
#ifndef PLAINBOUNCE_LIB_NOTICE_LAYOUT_HTML_H_
#define PLAINBOUNCE_LIB_NOTICE_LAYOUT_HTML_H_

#include <string>
#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/speaker.h"

namespace plainbounce {

// A notice in one language. The references must outlive it.
struct Edition {
  const NoticeContent& content;
  const Speaker& speaker;
};

// The template escapes every value. At least one edition; the second stands below the first.
// Returns an empty string where the template can't be rendered. Lines end LF.
std::string lay_out_html(const std::vector<Edition>& editions, const std::string& mustache);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LAYOUT_HTML_H_
