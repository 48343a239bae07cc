#include "cli/postfix/run_postconf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "lib/base/ascii.h"

extern char** environ;

namespace plainbounce {
namespace {

using Clock = std::chrono::steady_clock;

// postconf reads two files: it takes milliseconds.
constexpr std::chrono::seconds kPostconfPatience{20};
constexpr std::size_t kMaxOutput = std::size_t{16} << 20;

// Where administrators' programs are, which often isn't in the PATH of others.
constexpr std::string_view kMoreDirectories = "/usr/sbin:/usr/local/sbin:/sbin:/opt/postfix/sbin";

[[noreturn]] void fail(std::string_view what) {
  throw PostconfError(fmt::format("postconf: {}", what));
}

[[noreturn]] void fail_by_errno(std::string_view what, int error) {
  fail(fmt::format("{}: {}", what, std::strerror(error)));
}

std::string find_program() {
  const char* const path = std::getenv("PATH");
  const std::string directories =
      fmt::format("{}:{}", path == nullptr ? "" : path, kMoreDirectories);
  std::string_view rest = directories;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string program = fmt::format("{}/postconf", rest.substr(0, end));
    if (end > 0 && access(program.c_str(), X_OK) == 0) return program;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  fail(fmt::format("not found in PATH, nor in {}: is Postfix installed on this machine?",
                   kMoreDirectories));
}

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail_by_errno("no pipe", errno);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(std::size_t which) {
    if (ends[which] >= 0) close(ends[which]);
    ends[which] = -1;
  }
  std::array<int, 2> ends{-1, -1};  // to read, to write
};

// A child process, which is waited for at the end in any case.
class Child {
 public:
  Child(const std::string& program, const std::vector<std::string>& arguments, Pipe& output,
        Pipe& errors) {
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
      words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.ends[1], STDERR_FILENO);
    const int error = posix_spawn(&id_, program.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    output.close_end(1);
    errors.close_end(1);
    if (error != 0) fail_by_errno(program, error);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (id_ > 0) kill(id_, SIGKILL);
    wait();
  }

  // The exit status; -1: ended by a signal.
  int wait() {
    int status = 0;
    while (id_ > 0 && waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t id_ = 0;
};

// False: its end was reached.
bool read_some(int from, std::string& text) {
  std::array<char, 65536> chunk;
  const ssize_t size = read(from, chunk.data(), chunk.size());
  if (size < 0 && errno == EINTR) return true;
  if (size <= 0) return false;
  text.append(chunk.data(), static_cast<std::size_t>(size));
  return text.size() <= kMaxOutput;
}

void read_both(const Pipe& output, const Pipe& errors, std::string& text, std::string& complaints) {
  const auto deadline = Clock::now() + kPostconfPatience;
  std::array<pollfd, 2> wanted{pollfd{output.ends[0], POLLIN, 0},
                               pollfd{errors.ends[0], POLLIN, 0}};
  while (wanted[0].fd >= 0 || wanted[1].fd >= 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) fail("it doesn't end");
    if (poll(wanted.data(), wanted.size(), static_cast<int>(left)) < 0 && errno != EINTR) {
      fail_by_errno("no output", errno);
    }
    if (wanted[0].revents != 0 && !read_some(wanted[0].fd, text)) wanted[0].fd = -1;
    if (wanted[1].revents != 0 && !read_some(wanted[1].fd, complaints)) wanted[1].fd = -1;
  }
}

// postconf's last word, without its own name: "fatal: open /x/main.cf: Permission denied".
std::string reason(std::string_view complaints) {
  std::string_view last = trim(complaints);
  last.remove_prefix(last.rfind('\n') + 1);
  const std::size_t fatal = last.find("fatal: ");
  return std::string(fatal == std::string_view::npos ? last : last.substr(fatal));
}

std::string output_of(const std::string& program, const std::vector<std::string>& arguments) {
  Pipe output;
  Pipe errors;
  std::string text;
  std::string complaints;
  Child child(program, arguments, output, errors);
  read_both(output, errors, text, complaints);
  const int status = child.wait();
  if (status != 0) {
    const std::string why = reason(complaints);
    fail(why.empty() ? fmt::format("{}: exit status {}", program, status) : why);
  }
  return text;
}

}  // namespace

PostfixSettings run_postconf(const std::string& directory) {
  const std::string program = find_program();
  const auto output = [&](const std::vector<std::string>& options, auto names) {
    std::vector<std::string> arguments;
    if (!directory.empty()) arguments = {"-c", directory};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), names.begin(), names.end());
    return output_of(program, arguments);
  };
  const std::span<const std::string_view> none;
  const std::string parameters = output({"-x"}, asked_parameters());
  const std::string services = output({"-M"}, none);
  return parse_postconf(parameters, services, output({"-x", "-P"}, none));
}

}  // namespace plainbounce
