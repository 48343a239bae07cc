#include "milter/daemon.h"

#include <libmilter/mfapi.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "milter/callbacks.h"
#include "milter/in_hand.h"
#include "milter/log.h"
#include "milter/rewriter.h"
#include "milter/session.h"
#include "milter/signals.h"
#include "milter/socket.h"

namespace plainbounce {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDrainTime{10000};  // for the messages in hand at the end
constexpr milliseconds kReplyTime{100};    // for libmilter to send what a callback returned
constexpr milliseconds kTick{10};
constexpr int kBacklog = 1024;  // an MTA that can't connect at once defers the bounce

// Libmilter's threads can't be joined: the process ends under them, and what they use is never
// destroyed.
[[noreturn]] void exit_now(int status) {
  spdlog::default_logger()->flush();
  std::_Exit(status);
}

std::unique_ptr<InHand> open_in_hand(const std::filesystem::path& file) {
  if (file.empty()) return std::make_unique<InHand>();
  try {
    auto in_hand = std::make_unique<InHand>(file);
    if (const auto suspects = in_hand->suspects(); suspects > 0) {
      spdlog::warn("{} messages were in hand when plainbounce died: they pass unchanged", suspects);
    }
    return in_hand;
  } catch (const std::system_error& error) {
    spdlog::warn("{}: a message that makes plainbounce crash may do so again", error.what());
    return std::make_unique<InHand>();
  }
}

// Opens the listening socket. The result is empty for a TCP socket.
std::unique_ptr<SocketFile> listen_on(const Config& config) {
  prepare_to_listen(config.listen);
  std::string address = to_string(config.listen);
  const mode_t mask = umask(0777);  // nobody gets in before the permissions are right
  const bool open = smfi_setconn(address.data()) == MI_SUCCESS &&
                    smfi_setbacklog(kBacklog) == MI_SUCCESS && smfi_opensocket(false) == MI_SUCCESS;
  umask(mask);
  if (!open) throw SocketError(address + ": can't listen there; libmilter logs why");
  if (config.listen.family != ListenAddress::Family::kUnix) return nullptr;
  return std::make_unique<SocketFile>(config.listen.place, config.socket_mode, config.socket_group);
}

void wait_until(const std::function<bool()>& done, milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!done() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kTick);
}

// New mail finds no socket; what is in hand is done; then libmilter's threads are told to stop,
// which they do between two commands, wherever a message stands.
void drain(const Workplace& workplace, SocketFile* socket_file) {
  sd_notify(0, "STOPPING=1");
  spdlog::info("stopping, {} messages in hand", workplace.messages.load());
  if (socket_file != nullptr) socket_file->remove();
  wait_until([&workplace] { return workplace.messages == 0; }, kDrainTime);
  std::this_thread::sleep_for(kReplyTime);
  // It takes effect at once, but then waits for a lock that the listener holds up to 5 seconds.
  start_without_signals([] { smfi_stop(); }).detach();
  std::this_thread::sleep_for(kTick);
  wait_until([] { return running_callbacks() == 0; }, kDrainTime);
  std::this_thread::sleep_for(kReplyTime);
  if (const int left = workplace.messages; left > 0) {
    spdlog::warn("stopped with {} messages in hand: the MTA has to offer them again", left);
  } else {
    spdlog::info("stopped");
  }
}

// Until a signal comes or libmilter gives up. The exit status.
int serve(Workplace& workplace, SocketFile* socket_file, const Config& config) {
  static std::atomic<bool> ended{false};
  start_without_signals([] {
    smfi_main();
    ended = true;
  }).detach();
  spdlog::info("plainbounce {} listens on {}", version(), to_string(config.listen));
  sd_notify(0, "READY=1");
  while (!ended && wait_for_signal(milliseconds(1000)) == 0) {
  }
  const bool failed = ended;
  drain(workplace, socket_file);
  if (failed) spdlog::error("libmilter gave up, and logs why");
  return failed ? 1 : 0;
}

void start(const Config& config) {
  catch_signals();
  auto rewriter = load_rewriter(config);
  const auto in_hand = open_in_hand(config.state_file);
  Workplace workplace;
  workplace.current_rewriter = [rewriter = std::move(rewriter)] { return rewriter; };
  workplace.in_hand = in_hand.get();
  workplace.report = log_record;
  if (!register_callbacks(workplace)) throw SocketError("libmilter refuses to be set up");
  const auto socket_file = listen_on(config);
  exit_now(serve(workplace, socket_file.get(), config));
}

}  // namespace

void run_daemon(const Config& config) {
  int status = 1;
  try {
    start(config);
  } catch (const KnowledgeError& error) {
    spdlog::error("{}", error.what());
    status = 2;
  } catch (const WordingError& error) {
    spdlog::error("{}", error.what());
    status = 2;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
  }
  exit_now(status);
}

}  // namespace plainbounce
