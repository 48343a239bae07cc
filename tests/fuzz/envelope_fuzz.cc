// Any lines as an envelope, and what the conf file says of envelopes: who may be rewritten for, and
// who of the house's own is spoken to.
//
// Each line begins with a letter: "F" the sender, "R" a recipient, "C" the client, "J" the MTA's
// name; "O" a domain of the house, "M" a pattern of programs' addresses, "T" a trusted network; "L"
// leaves outsiders alone.
#include "lib/notice/readers.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

constexpr std::string_view kHelp = "q7help";  // of the house, for its own readers

struct Input {
  Envelope envelope;
  Policy policy = Policy::defaults();
};

Input read(std::string_view text) {
  Input input;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;
    const std::string value(line.substr(1));
    switch (line.front()) {
      case 'F':
        input.envelope.sender = value;
        break;
      case 'R':
        input.envelope.recipients.push_back(value);
        break;
      case 'C':
        input.envelope.client_address = value;
        break;
      case 'J':
        input.envelope.mta_name = value;
        break;
      case 'O':
        input.policy.own_domains.push_back(value);
        break;
      case 'M':
        input.policy.machine_recipients.push_back(value);
        break;
      case 'T':
        input.policy.trusted.push_back(value);
        break;
      case 'L':
        input.policy.outside = OutsideReaders::kLeave;
        break;
      default:
        break;
    }
  }
  return input;
}

// Without the soft line ends of quoted-printable.
std::string joined(std::string text) {
  for (std::size_t at = 0; (at = text.find("=\n", at)) != std::string::npos;) text.erase(at, 2);
  return text;
}

void check_edit(const Input& input, const Edit& edit) {
  const Envelope& envelope = input.envelope;
  require(envelope.sender.empty() && is_trusted(envelope.client_address, input.policy));
  check_headers(edit);
  require(is_ascii(edit.replacement));
  const std::string mta = envelope.mta_name.empty() ? "mx.example.org" : envelope.mta_name;
  const bool outside = is_outside(envelope.recipients, input.policy.own_domains, mta);
  require(!outside || input.policy.outside == OutsideReaders::kNeutral);
  require((joined(edit.replacement).find(kHelp) == std::string::npos) == outside);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const CostBound bound(size);
  static const House kHouse = [] {
    House house;
    house.help_name = kHelp;
    house.help_phone = kHelp;
    return house;
  }();
  const Input input = read(text_of(data, size));
  const Decision decision = judge_envelope(input.envelope, input.policy);
  const Rewrite result = rewrite(kBounce, input.envelope, input.policy, kHouse, resources());
  require(decision.reason == LeaveReason::kNone || result.reason == decision.reason);
  require(result.edit.has_value() == (result.reason == LeaveReason::kNone));
  if (result.edit) check_edit(input, *result.edit);
  return 0;
}
