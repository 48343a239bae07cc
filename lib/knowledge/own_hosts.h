// Names, domains and networks of the house's own servers (conf key own_hosts) -> is a host one of
// them?
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_OWN_HOSTS_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_OWN_HOSTS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plainbounce {

class OwnHosts {
 public:
  OwnHosts() = default;
  // Each a host's name ("relay.example.org"), all names below a domain ("*.example.org"), an IP
  // address or a network ("192.0.2.0/24").
  explicit OwnHosts(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

  // `host`: a name or an IP address; an empty one is none of them.
  bool has(std::string_view host) const;

 private:
  std::vector<std::string> patterns_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_OWN_HOSTS_H_
