// Who reads a notice: people of the house, or strangers, whom it has no business to speak to as
// their own mail service.
#ifndef PLAINBOUNCE_LIB_NOTICE_READERS_H_
#define PLAINBOUNCE_LIB_NOTICE_READERS_H_

#include <span>
#include <string>
#include <string_view>

namespace plainbounce {

// The domain that an MTA of this name stands for: the one that was registered, else the name
// itself.
std::string house_domain(std::string_view mta_name);

// The domain whose postmaster the house's readers can turn to: house_domain(mta_name), or the first
// of `own_domains` where it isn't in or below one of them.
std::string contact_domain(std::span<const std::string> own_domains, std::string_view mta_name);

// Is one of the readers' addresses neither in one of these domains nor below it? `own_domains`
// empty: those of house_domain(mta_name). A reader without a domain is an account of the MTA's
// machine; where neither domains nor a name are known, all are of the house.
bool is_outside(std::span<const std::string> readers, std::span<const std::string> own_domains,
                std::string_view mta_name);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_READERS_H_
