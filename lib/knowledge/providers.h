// Whose server it is: host names and signatures in a reply -> provider. The data is providers.toml.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_PROVIDERS_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_PROVIDERS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace plainbounce {

// A company's mail service ("gmail") or a server software ("postfix").
struct Provider {
  std::string id;                  // "exchange-online"
  std::string name;                // as a person would say it: "Microsoft 365"
  bool software = false;           // a server software that anyone may run, not a company
  std::vector<std::string> hosts;  // lower-case domain suffixes of its servers: "google.com"
  std::shared_ptr<const re2::RE2> signature;  // in a reply's text; null: none
};

class Providers {
 public:
  // Throws DataError.
  void load(std::string_view file, std::string_view toml);

  const Provider* by_id(std::string_view id) const;      // null: unknown
  const Provider* by_host(std::string_view host) const;  // longest suffix wins; null: unknown
  // By the wording alone; null: unknown.
  const Provider* by_signature(std::string_view text) const;

  // May the server be one of the provider's? Not if it bears another's name: then the provider's
  // words are a software's that others have, too, or were passed on. An IP address, or no name at
  // all, speaks against nobody.
  bool may_run(std::string_view id, std::string_view host) const;

 private:
  std::vector<Provider> providers_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_PROVIDERS_H_
