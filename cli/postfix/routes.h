// Postfix' settings -> the ways in which its bounces, and those that arrive, meet plainbounce.
#ifndef PLAINBOUNCE_CLI_POSTFIX_ROUTES_H_
#define PLAINBOUNCE_CLI_POSTFIX_ROUTES_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/postfix/milter_list.h"
#include "cli/postfix/postconf.h"
#include "lib/config/listen_address.h"

namespace plainbounce {

// The milters that one service calls.
struct MilterCalls {
  const PostfixService* service = nullptr;  // never null: cleanup or smtpd
  bool by_client = false;                   // only for the clients in smtpd_milter_maps
  std::vector<ListedMilter> milters;        // in Postfix' order
  std::optional<std::size_t> ours;          // which of them is plainbounce; nothing: none

  // Only where `ours` is there.
  const ListedMilter& our_milter() const { return milters[*ours]; }
};

// The way of one kind of report: failures (service "bounce"), delays ("defer"), successes
// ("trace").
struct ReportRoute {
  const PostfixService* reporter = nullptr;  // never null
  bool filtered = false;             // does internal_mail_filter_classes let milters see them?
  std::string cleanup_name;          // the cleanup service that they are handed to
  bool own_cleanup = false;          // it isn't the one of all other mail
  std::optional<MilterCalls> calls;  // of that service; nothing: master.cf has none of that name

  bool is_connected() const { return filtered && calls && calls->ours; }
};

// All point into the settings that they were made from.
struct Routes {
  std::vector<ReportRoute> reports;  // at most three
  std::vector<MilterCalls> local;    // the usual cleanup, which takes in mail from local programs
  std::vector<MilterCalls> smtp;     // of each smtpd; one that has smtpd_milter_maps twice

  // All that call plainbounce; a service and an address once.
  std::vector<const MilterCalls*> calling_us() const;
};

// `listen` is where Postfix should find plainbounce.
Routes find_routes(const PostfixSettings& settings, const ListenAddress& listen);

// Where a milter is that `service` calls.
MilterPlace place_of(const ListedMilter& milter, const PostfixSettings& settings,
                     const PostfixService& service);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_ROUTES_H_
