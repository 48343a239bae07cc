#include "cli/postfix/postconf.h"

#include <algorithm>
#include <charconv>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

constexpr std::string_view kAskedParameters[] = {
    "mail_version",
    "config_directory",
    "queue_directory",
    "mail_owner",
    "myhostname",
    "mydestination",
    "relay_domains",
    "virtual_alias_domains",
    "virtual_mailbox_domains",
    "compatibility_level",
    "multi_instance_directories",
    "internal_mail_filter_classes",
    "bounce_service_name",
    "defer_service_name",
    "trace_service_name",
    "cleanup_service_name",
    "non_smtpd_milters",
    "smtpd_milters",
    "smtpd_milter_maps",
    "milter_default_action",
    "milter_protocol",
    "milter_connect_timeout",
    "milter_command_timeout",
    "milter_content_timeout",
    "receive_override_options",
    "header_checks",
    "mime_header_checks",
    "nested_header_checks",
    "body_checks",
    "milter_header_checks",
    "soft_bounce",
    "bounce_size_limit",
    "notify_classes",
    "smtputf8_enable",
    "disable_mime_output_conversion",
};

template <typename Visit>
void visit_lines(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Takes the first word from `rest`; "{ ... }" is one word.
std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  std::size_t end = 0;
  for (int depth = 0; end < rest.size(); ++end) {
    if (rest[end] == '{') ++depth;
    if (rest[end] == '}') --depth;
    if (depth <= 0 && kBlanks.find(rest[end]) != std::string_view::npos) break;
  }
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

// Postfix' daemons take "-o NAME=VALUE", "-v", "-D" and the like; a word by itself stops them.
std::string find_stray(std::string_view arguments) {
  for (std::string_view word = take_word(arguments); !word.empty(); word = take_word(arguments)) {
    if (!word.starts_with('-')) return std::string(word);
    if (word != "-o") continue;
    const std::string_view option = take_word(arguments);
    if (option.find('=') == std::string_view::npos) return std::string(option);
  }
  return {};
}

void add_service(std::string_view line, PostfixSettings& settings) {
  PostfixService service;
  std::string wakeup;
  for (std::string* const column :
       {&service.name, &service.type, &service.is_private, &service.unprivileged, &service.chroot,
        &wakeup, &service.process_limit, &service.command}) {
    *column = take_word(line);
  }
  if (service.command.empty()) return;
  if (service.command != "pipe" && service.command != "spawn") service.stray = find_stray(line);
  settings.services.push_back(std::move(service));
}

// "NAME = VALUE"
void add_parameter(std::string_view line, PostfixParameters& parameters) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return;
  parameters[std::string(trim(line.substr(0, equals)))] = trim(line.substr(equals + 1));
}

// "SERVICE/TYPE/NAME = VALUE"
void add_option(std::string_view line, PostfixSettings& settings) {
  const std::size_t equals = std::min(line.find('='), line.size());
  const std::size_t name = line.substr(0, equals).rfind('/');
  if (name == std::string_view::npos || name == 0) return;
  const std::size_t type = line.rfind('/', name - 1);
  if (type == std::string_view::npos) return;
  for (PostfixService& service : settings.services) {
    if (service.name == line.substr(0, type) &&
        service.type == line.substr(type + 1, name - type - 1)) {
      add_parameter(line.substr(name + 1), service.options);
    }
  }
}

}  // namespace

std::string_view PostfixSettings::value(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view() : found->second;
}

std::string_view PostfixSettings::value(const PostfixService& service,
                                        std::string_view name) const {
  const auto found = service.options.find(name);
  return found == service.options.end() ? value(name) : found->second;
}

const PostfixService* PostfixSettings::service(std::string_view name, std::string_view type) const {
  const auto found = std::find_if(services.begin(), services.end(), [&](const auto& candidate) {
    return candidate.name == name && candidate.type == type;
  });
  return found == services.end() ? nullptr : &*found;
}

bool PostfixSettings::is_chrooted(const PostfixService& service) const {
  if (service.chroot != "-") return service.chroot == "y";
  int level = 0;  // the default changed at level 1
  const std::string_view text = value("compatibility_level");
  std::from_chars(text.data(), text.data() + text.size(), level);
  return level < 1;
}

std::span<const std::string_view> asked_parameters() { return kAskedParameters; }

PostfixSettings parse_postconf(std::string_view parameters, std::string_view services,
                               std::string_view options) {
  PostfixSettings settings;
  visit_lines(parameters, [&](auto line) { add_parameter(line, settings.parameters); });
  visit_lines(services, [&](auto line) { add_service(line, settings); });
  visit_lines(options, [&](auto line) { add_option(line, settings); });
  return settings;
}

std::vector<std::string> split_list(std::string_view text) {
  constexpr std::string_view kSeparators = ", \t\r\n";
  std::vector<std::string> items;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kSeparators), text.size()));
    if (text.empty()) return items;
    const std::size_t end = std::min(text.find_first_of(kSeparators), text.size());
    items.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<std::chrono::seconds> parse_postfix_time(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit(end, text.data() + text.size() - end);
  if (unit.empty() || unit == "s") return std::chrono::seconds(number);
  if (number > 1'000'000) return std::nullopt;
  if (unit == "m") return std::chrono::minutes(number);
  if (unit == "h") return std::chrono::hours(number);
  if (unit == "d") return std::chrono::hours(24 * number);
  if (unit == "w") return std::chrono::hours(7 * 24 * number);
  return std::nullopt;
}

}  // namespace plainbounce
