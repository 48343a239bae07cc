#include "cli/preview/send_mail.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

extern char** environ;

namespace plainbounce {
namespace {

// Where it is, which often isn't in the PATH of others.
constexpr std::string_view kSendmailDirectories = "/usr/sbin:/usr/lib:/usr/local/sbin";

std::string find_sendmail() {
  const char* const path = std::getenv("PATH");
  const std::string directories =
      fmt::format("{}:{}", path == nullptr ? "" : path, kSendmailDirectories);
  std::string_view rest = directories;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string program = fmt::format("{}/sendmail", rest.substr(0, end));
    if (end > 0 && access(program.c_str(), X_OK) == 0) return program;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  throw SendError(fmt::format("sendmail: not found in PATH, nor in {}", kSendmailDirectories));
}

[[noreturn]] void fail_to_send(int error) {
  throw SendError(fmt::format("sendmail: {}", std::strerror(error)));
}

// Its standard input reads from `input`.
pid_t start_sendmail(const std::string& program, const std::string& address, int input) {
  std::array<std::string, 6> words = {program, "-i", "-f", "<>", "--", address};
  std::array<char*, words.size() + 1> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  pid_t child = 0;
  const int error =
      posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail_to_send(error);
  return child;
}

bool write_whole(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = write(to, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

void send_mail(const std::string& message, const std::string& address) {
  const std::string program = find_sendmail();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail_to_send(errno);
  std::signal(SIGPIPE, SIG_IGN);  // it may end before it has read everything
  const pid_t child = start_sendmail(program, address, ends[0]);
  close(ends[0]);
  const bool is_whole = write_whole(ends[1], message);
  close(ends[1]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!is_whole || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw SendError(fmt::format("{}: it didn't take the message", program));
  }
}

}  // namespace plainbounce
