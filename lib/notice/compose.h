// Report + groups of recipients -> the sentences of a notice.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/arguments.h"
#include "lib/notice/content.h"
#include "lib/notice/groups.h"
#include "lib/notice/notice.h"
#include "lib/notice/phrases.h"
#include "lib/report/report.h"

namespace plainbounce {

// What the sentences are made from. The references must outlive it.
struct Sources {
  const Report& report;
  const Diagnosis& diagnosis;
  const Knowledge& knowledge;
  const House& house;
  const Phrases& phrases;
};

// The longest that remote text may be, in characters.
inline constexpr std::size_t kMaxShownAddress = 100;
inline constexpr std::size_t kMaxShownName = 80;      // hosts, block lists, mechanisms
inline constexpr std::size_t kMaxShownSubject = 200;  // in the notice's body
inline constexpr std::size_t kMaxShownReply = 1000;
inline constexpr std::size_t kMaxShownAddresses = 20;  // in one group
inline constexpr std::size_t kMaxGroups = 8;           // of more only the addresses are counted
inline constexpr std::size_t kMaxAdminEntries = 20;
inline constexpr std::size_t kMaxOriginal = 64 * 1024;  // bytes of the original notice

// An address, both ways where its domain isn't plain ASCII (list.idn).
std::string say_address(std::string_view address, const Phrases& phrases);

// "a, b and c", or "a, b and 5 more".
std::string say_addresses(const std::vector<std::string>& addresses, const Phrases& phrases);

// What patterns about the group may name (arguments.h).
Arguments group_arguments(const RecipientGroup& group, const Sources& sources);

// The addresses of all groups, each once.
std::vector<std::string> all_addresses(const std::vector<RecipientGroup>& groups);

// Each fills its part of `content`.
void compose_headline(const std::vector<RecipientGroup>& groups, const Sources& sources,
                      NoticeContent& content);
void compose_groups(const std::vector<RecipientGroup>& groups, const Sources& sources,
                    NoticeContent& content);
void compose_message(const std::vector<RecipientGroup>& groups, const Sources& sources,
                     NoticeContent& content);
void compose_admin(const std::vector<RecipientGroup>& groups, const Sources& sources,
                   NoticeContent& content);

// The whole.
NoticeContent compose(const Sources& sources);

// The way from the sender to the recipients, and where it ended.
std::vector<PathStop> compose_path(const RecipientGroup& group, const Sources& sources,
                                   const Arguments& arguments);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_H_
