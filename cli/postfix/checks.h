// The checks that check_postfix() is made of. Each adds what it finds.
#ifndef PLAINBOUNCE_CLI_POSTFIX_CHECKS_H_
#define PLAINBOUNCE_CLI_POSTFIX_CHECKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "cli/postfix/findings.h"

namespace plainbounce {

// Do the reports of failures, delays and successes reach plainbounce, and do they leave at all?
void check_reports(const PostfixSituation& situation, const Routes& routes,
                   std::vector<Finding>& findings);

// Is a service of master.cf on that way written so that Postfix can run it?
void check_services(const PostfixSituation& situation, const Routes& routes,
                    std::vector<Finding>& findings);

// What else uses that way, and what else bounces meet there.
void check_neighbours(const PostfixSituation& situation, const Routes& routes,
                      std::vector<Finding>& findings);

// How Postfix calls plainbounce: default action, timeouts, protocol.
void check_calls(const PostfixSituation& situation, const Routes& routes,
                 std::vector<Finding>& findings);

// Signers and other milters beside plainbounce.
void check_other_milters(const PostfixSituation& situation, const Routes& routes,
                         std::vector<Finding>& findings);

// Mail that arrives by SMTP.
void check_arriving(const PostfixSituation& situation, const Routes& routes,
                    std::vector<Finding>& findings);

// Where plainbounce should be found.
void check_sockets(const PostfixSituation& situation, const Routes& routes,
                   std::vector<Finding>& findings);

// Settings that change what bounces there are.
void check_bounces(const PostfixSituation& situation, std::vector<Finding>& findings);

// Are those who have mailboxes here readers of the house?
void check_readers(const PostfixSituation& situation, std::vector<Finding>& findings);

// "bounce", "bounce and defer", "bounce, defer and trace".
std::string join_names(const std::vector<std::string>& names);

// By its name or its usual port: does this milter sign mail (DKIM)?
bool is_signer(const ListedMilter& milter);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_CHECKS_H_
