// Report and Diagnosis -> what a notice says, not yet laid out.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_H_

#include <string>
#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/groups.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// The addresses of all groups, each once.
std::vector<std::string> all_addresses(const std::vector<RecipientGroup>& groups);

// "and 7 more addresses"; empty: all are shown.
std::string compose_more(std::size_t all, std::size_t shown, const Speaker& speaker);

// Each fills its part of `content`.
void compose_headline(const std::vector<RecipientGroup>& groups, const Sources& sources,
                      NoticeContent& content);
void compose_groups(const std::vector<RecipientGroup>& groups, const Sources& sources,
                    NoticeContent& content);
// The whole.
NoticeContent compose(const Sources& sources);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_H_
