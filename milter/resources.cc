#include "milter/resources.h"

#include <string>

namespace plainbounce {

void refuse_errors(const std::vector<RuleFinding>& findings) {
  std::string errors;
  for (const RuleFinding& finding : findings) {
    if (finding.kind != RuleFinding::Kind::kError) continue;
    if (!errors.empty()) errors += '\n';
    errors += to_string(finding);
  }
  if (!errors.empty()) throw KnowledgeError(errors);
}

Resources load_resources(const Config& config) {
  Resources resources{Knowledge::load(existing_rules_directory(config), config.mail_domains),
                      Wording::load()};
  refuse_errors(check_examples(resources.knowledge));
  return resources;
}

}  // namespace plainbounce
