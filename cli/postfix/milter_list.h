// A value of smtpd_milters, non_smtpd_milters or smtpd_milter_maps -> the milters in it, and where
// each one listens.
#ifndef PLAINBOUNCE_CLI_POSTFIX_MILTER_LIST_H_
#define PLAINBOUNCE_CLI_POSTFIX_MILTER_LIST_H_

#include <string>
#include <string_view>
#include <vector>

#include "cli/postfix/postconf.h"
#include "lib/config/listen_address.h"

namespace plainbounce {

struct ListedMilter {
  std::string address;         // as it is written: "unix:/run/x.sock", "inet:localhost:8891"
  PostfixParameters settings;  // its own, in { }: "default_action" -> "tempfail"
};

// In the order in which Postfix calls them.
std::vector<ListedMilter> parse_milter_list(std::string_view list);

// The milters that a table written in the configuration names, whatever their keys
// (smtpd_milter_maps = cidr:{ { 192.0.2.25 { unix:x, default_action=tempfail } } }). Tables in
// files aren't read.
std::vector<ListedMilter> parse_milter_table(std::string_view table);

// "command_timeout" and the like: the milter's own, else "milter_command_timeout" of the service.
std::string_view milter_setting(const ListedMilter& milter, std::string_view name,
                                const PostfixSettings& settings, const PostfixService& service);

// Where a milter is, seen from the machine rather than from inside a chroot.
struct MilterPlace {
  ListenAddress::Family family = ListenAddress::Family::kUnix;
  std::string path;     // of a unix socket, absolute
  std::string written;  // the path as it is written; differs from `path` in a chroot or if relative
  std::string host;     // else, without [ ]
  std::string port;     // a number or a service's name
};

// Daemons work in the queue directory: relative paths start there, and so do all in a chroot. An
// address of another form gives an empty path and host.
MilterPlace milter_place(std::string_view address, std::string_view queue_directory, bool chrooted);

// Is it on this machine, by its name?
bool is_on_loopback(const MilterPlace& place);

// Does the daemon that listens at `listen` get what Postfix sends to `place`? In a chroot, a path
// that would be right outside counts as well.
bool is_served_by(const MilterPlace& place, const ListenAddress& listen);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_MILTER_LIST_H_
