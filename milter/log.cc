#include "milter/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>
#include <syslog.h>

#include <cstdlib>

namespace plainbounce {
namespace {

constexpr const char* kName = "plainbounce";

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// The journal puts a time and a name before each line itself.
std::shared_ptr<spdlog::logger> standard_error_logger() {
  auto logger = spdlog::stderr_logger_mt(kName);
  const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  logger->set_pattern(journal ? "%l: %v" : "%Y-%m-%dT%H:%M:%S.%e%z %n[%P]: %l: %v");
  return logger;
}

std::shared_ptr<spdlog::logger> syslog_logger() {
  auto logger = spdlog::syslog_logger_mt(kName, kName, LOG_PID, LOG_MAIL);
  logger->set_pattern("%v");
  return logger;
}

spdlog::level::level_enum record_level(const MessageRecord& record) {
  if (record.result == Result::kFailedOpen) return spdlog::level::warn;
  return record.sender_is_null ? spdlog::level::info : spdlog::level::debug;
}

}  // namespace

void set_up_log(LogTarget target, LogLevel level) {
  // libmilter has its own say by syslog(3): let it bear our name, and be seen where ours is.
  const int also_to_standard_error = target == LogTarget::kStandardError ? LOG_PERROR : 0;
  openlog(kName, LOG_PID | also_to_standard_error, LOG_MAIL);
  auto logger = target == LogTarget::kSyslog ? syslog_logger() : standard_error_logger();
  logger->set_level(spdlog_level(level));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

void log_record(const MessageRecord& record, UnmatchedLog& told) {
  const auto level = record_level(record);
  if (spdlog::should_log(level)) spdlog::log(level, "{}", format_record(record));
  if (!spdlog::should_log(spdlog::level::info)) return;
  for (const UnmatchedReply& reply : record.unmatched) {
    if (told.is_new(reply.key)) spdlog::info("{}{}", kUnmatchedMark, reply.line);
  }
}

}  // namespace plainbounce
