#include <algorithm>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

// What programs that sign mail have in their addresses, by name or by the port that is documented.
constexpr std::string_view kSigners[] = {"dkim", ":8891", ":12301", "8891@", "12301@"};

// These sign mail, but judge it, too.
constexpr std::string_view kJudgesThatSign[] = {"rspamd", "amavis", ":11332", "11332@"};

template <std::size_t size>
bool has_one_of(const std::string& address, const std::string_view (&marks)[size]) {
  return std::any_of(std::begin(marks), std::end(marks), [&](std::string_view mark) {
    return address.find(mark) != std::string::npos;
  });
}

const MilterCalls* usual_cleanup(const Routes& routes) {
  return routes.local.empty() ? nullptr : &routes.local.front();
}

bool lists(const MilterCalls& calls, const ListedMilter& milter) {
  return std::any_of(calls.milters.begin(), calls.milters.end(),
                     [&](const auto& other) { return other.address == milter.address; });
}

class NeighbourCheck {
 public:
  NeighbourCheck(const PostfixSituation& situation, const MilterCalls& calls,
                 std::vector<Finding>& findings)
      : situation_(situation), calls_(calls), findings_(findings) {}

  void check() {
    for (std::size_t i = 0; i < calls_.milters.size(); ++i) {
      if (i != *calls_.ours) judge(calls_.milters[i], i < *calls_.ours);
    }
  }

  // A signer of local mail that isn't met any more.
  void check_lost(const MilterCalls& usual) {
    for (const ListedMilter& milter : usual.milters) {
      if (is_signer(milter) && !lists(calls_, milter)) say("signer-not-met", milter);
    }
  }

 private:
  void say(std::string id, const ListedMilter& milter) {
    findings_.push_back({std::move(id),
                         {{"milter", milter.address},
                          {"address", calls_.our_milter().address},
                          {"cleanup", calls_.service->name}}});
  }

  void judge(const ListedMilter& milter, bool is_first) {
    const ListenAddress& listen = situation_.listen;
    if (is_served_by(place_of(milter, situation_.settings, *calls_.service), listen)) {
      say("listed-twice", milter);
    } else if (is_first && is_signer(milter)) {
      say("signer-first", milter);
    } else if (!has_one_of(milter.address, kSigners)) {
      say("milter-beside", milter);
    } else if (is_converted()) {
      say("signature-converted", milter);
    }
  }

  // Postfix calls its own reports 8-bit then, and encodes them anew for a server without 8BITMIME.
  bool is_converted() const {
    const PostfixSettings& settings = situation_.settings;
    if (settings.value("smtputf8_enable") != "yes") return false;
    return std::any_of(settings.services.begin(), settings.services.end(),
                       [&](const PostfixService& service) {
                         return service.command == "smtp" &&
                                settings.value(service, "disable_mime_output_conversion") != "yes";
                       });
  }

  const PostfixSituation& situation_;
  const MilterCalls& calls_;
  std::vector<Finding>& findings_;
};

}  // namespace

bool is_signer(const ListedMilter& milter) {
  return has_one_of(milter.address, kSigners) || has_one_of(milter.address, kJudgesThatSign);
}

void check_other_milters(const PostfixSituation& situation, const Routes& routes,
                         std::vector<Finding>& findings) {
  const MilterCalls* const usual = usual_cleanup(routes);
  for (const ReportRoute& route : routes.reports) {
    if (!route.is_connected()) continue;
    NeighbourCheck neighbours(situation, *route.calls, findings);
    neighbours.check();
    if (usual != nullptr && usual->service != route.calls->service) neighbours.check_lost(*usual);
  }
}

}  // namespace plainbounce
