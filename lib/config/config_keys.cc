#include "lib/config/config_keys.h"

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "lib/base/ip_network.h"
#include "lib/base/text.h"
#include "lib/config/config_values.h"
#include "lib/notice/colour.h"
#include "lib/notice/links.h"
#include "lib/notice/wrap.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMinMessageSize = 1024;
constexpr std::size_t kMaxMessageSize = std::size_t{1} << 30;
constexpr double kMaxTimeBudget = 600;  // seconds
constexpr double kMaxSilence = 3600;    // seconds
constexpr std::int64_t kMaxSessions = 100000;
constexpr std::size_t kMinMemory = std::size_t{1} << 20;
constexpr std::int64_t kMaxRecipients = 10000;
constexpr std::int64_t kMaxWorkers = 64;
constexpr std::size_t kMinWorkerMemory = std::size_t{64} << 20;
constexpr std::size_t kMaxMemory = std::size_t{64} << 30;

// Stores a string that passes a check.
bool set_text(const toml::node& value, std::string& to, bool (*valid)(std::string_view)) {
  const auto text = value.value_exact<std::string>();
  if (!text || !valid(*text)) return false;
  to = *text;
  return true;
}

bool set_bool(const toml::node& value, bool& to) {
  const auto flag = value.value_exact<bool>();
  if (!flag) return false;
  to = *flag;
  return true;
}

// Stores what a parser makes of a string.
template <typename Value, typename Parser>
bool set_parsed(const toml::node& value, Value& to, Parser parser) {
  const auto text = value.value_exact<std::string>();
  if (!text) return false;
  const std::optional<Value> parsed = parser(*text);
  if (!parsed) return false;
  to = *parsed;
  return true;
}

// Stores the enumerator that a word is the id of.
template <typename Enum>
bool set_choice(const toml::node& value, Enum& to) {
  return set_parsed(value, to, parse_id<Enum>);
}

bool set_mode(const toml::node& value, bool& observe) {
  const auto word = value.value_exact<std::string>();
  if (!word || (*word != "rewrite" && *word != "observe")) return false;
  observe = *word == "observe";
  return true;
}

bool set_texts(const toml::node& value, std::vector<std::string>& to,
               bool (*valid)(std::string_view)) {
  const toml::array* const array = value.as_array();
  if (array == nullptr) return false;
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    const auto text = element.value_exact<std::string>();
    if (!text || !valid(*text)) return false;
    texts.push_back(*text);
  }
  to = std::move(texts);
  return true;
}

// An absolute path, or empty for none.
bool set_path(const toml::node& value, std::filesystem::path& to) {
  const auto text = value.value_exact<std::string>();
  if (!text || (!text->empty() && text->front() != '/')) return false;
  to = *text;
  return true;
}

// `least` <= size <= `most`
bool set_size(const toml::node& value, std::size_t least, std::size_t most, std::size_t& to) {
  std::optional<std::size_t> size;
  if (const auto text = value.value_exact<std::string>()) {
    size = parse_byte_size(*text);
  } else if (const auto number = value.value_exact<std::int64_t>(); number && *number >= 0) {
    size = static_cast<std::size_t>(*number);
  }
  if (!size || *size < least || *size > most) return false;
  to = *size;
  return true;
}

// A millisecond <= time <= `most`
bool set_seconds(const toml::node& value, double most, std::chrono::milliseconds& to) {
  const auto seconds = value.is_number() ? value.value<double>() : std::nullopt;
  if (!seconds || !(*seconds >= 0.001 && *seconds <= most)) return false;
  to = std::chrono::milliseconds(std::llround(*seconds * 1000));
  return true;
}

// `least` <= number <= `most`
template <typename Number>
bool set_number(const toml::node& value, std::int64_t least, std::int64_t most, Number& to) {
  const auto number = value.value_exact<std::int64_t>();
  if (!number || *number < least || *number > most) return false;
  to = static_cast<Number>(*number);
  return true;
}

// A sentence may be longer than other lines.
bool set_extra(const toml::node& value, std::map<std::string, std::string>& to) {
  constexpr std::size_t kMaxSentence = 500;
  const toml::table* const table = value.as_table();
  if (table == nullptr) return false;
  std::map<std::string, std::string> extra;
  for (const auto& [cause, node] : *table) {
    const auto sentence = node.value_exact<std::string>();
    if (!parse_id<Cause>(cause.str()) || !sentence || sentence->size() > kMaxSentence ||
        has_control(*sentence)) {
      return false;
    }
    extra.emplace(cause.str(), *sentence);
  }
  to = std::move(extra);
  return true;
}

bool is_signature(std::string_view text) {
  constexpr std::size_t kMaxLines = 10;
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (++lines > kMaxLines || !is_plain_line(text.substr(0, end))) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

bool is_group_name(std::string_view text) {
  return is_plain_line(text) && text.find_first_of(" :/") == std::string_view::npos;
}

// "127.0.0.1:9725", "[::1]:9725"
bool is_http_address_or_empty(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (text.empty()) return true;
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string inet =
      "inet:" + std::string(text.substr(colon + 1)) + "@" + std::string(text.substr(0, colon));
  return is_plain_line(text) && text.find(' ') == std::string_view::npos &&
         parse_listen_address(inet).has_value();
}

bool is_pattern(std::string_view text) { return !text.empty() && is_plain_line(text); }

bool is_language_or_empty(std::string_view text) { return text.empty() || is_language_tag(text); }

// { "anna@example.com" = "es", "example.de" = "de" }
bool set_languages(const toml::node& value, std::map<std::string, std::string>& to) {
  const toml::table* const table = value.as_table();
  if (table == nullptr) return false;
  std::map<std::string, std::string> languages;
  for (const auto& [reader, node] : *table) {
    const auto language = node.value_exact<std::string>();
    const bool known = is_reader(reader.str());
    if (!known || !language || !is_language_tag(*language)) return false;
    languages.emplace(reader.str(), *language);
  }
  to = std::move(languages);
  return true;
}

// Empty: left out of the notices.
bool is_email_or_empty(std::string_view text) { return text.empty() || may_be_mailto(text); }
bool is_web_or_empty(std::string_view text) { return text.empty() || may_be_link_pattern(text); }
bool is_accent_or_empty(std::string_view text) {
  return text.empty() || is_legible_on(kLightPage, text);
}
bool is_dark_accent_or_empty(std::string_view text) {
  return text.empty() || is_legible_on(kDarkPage, text);
}

// The width of a few letters, which stand beside the organisation's name.
bool is_logo(std::string_view text) {
  constexpr int kMaxWidth = 8;
  return is_plain_line(text) && display_width(text) <= kMaxWidth;
}

constexpr std::string_view kLine = "one line of text, at most 200 bytes";
constexpr std::string_view kFlag = "true or false";
constexpr std::string_view kPath = "an absolute path, or \"\" for none";

constexpr ConfigKey kKeys[] = {
    {"milter.listen", R"("unix:/PATH" (at most 107 bytes), "inet:PORT@HOST" or "inet6:PORT@HOST")",
     [](const toml::node& v, Config& c) { return set_parsed(v, c.listen, parse_listen_address); }},
    {"milter.mode", R"("rewrite" or "observe")",
     [](const toml::node& v, Config& c) { return set_mode(v, c.observe); }},
    {"milter.socket_mode", R"(permissions in octal, as a string without execute bits: "0660")",
     [](const toml::node& v, Config& c) {
       return set_parsed(v, c.socket_mode, parse_socket_mode);
     }},
    {"milter.socket_group", "the name of a group, or \"\" for the process' own",
     [](const toml::node& v, Config& c) { return set_text(v, c.socket_group, is_group_name); }},
    {"milter.allow_root", kFlag,
     [](const toml::node& v, Config& c) { return set_bool(v, c.allow_root); }},
    {"milter.max_sessions", "a number from 1 to 100000",
     [](const toml::node& v, Config& c) { return set_number(v, 1, kMaxSessions, c.max_sessions); }},
    {"milter.state_file", kPath,
     [](const toml::node& v, Config& c) { return set_path(v, c.state_file); }},

    {"messages.trusted", R"(an array of IP addresses and networks: ["127.0.0.0/8", "::1"])",
     [](const toml::node& v, Config& c) { return set_texts(v, c.policy.trusted, is_network); }},
    {"messages.machine_recipients", R"(an array of address patterns: ["*-bounces@*"])",
     [](const toml::node& v, Config& c) {
       return set_texts(v, c.policy.machine_recipients, is_pattern);
     }},
    {"messages.rewrite_signed", kFlag,
     [](const toml::node& v, Config& c) { return set_bool(v, c.policy.rewrite_signed); }},
    {"messages.subject", R"("rewrite" or "keep")",
     [](const toml::node& v, Config& c) { return set_choice(v, c.policy.subject_mode); }},
    {"messages.reply_to", R"("keep" or "help")",
     [](const toml::node& v, Config& c) { return set_choice(v, c.policy.reply_to); }},
    {"messages.other_bounces", R"("ignore" or "explain")",
     [](const toml::node& v, Config& c) { return set_choice(v, c.policy.other_bounces); }},
    {"messages.max_recipients", "a number from 1 to 10000",
     [](const toml::node& v, Config& c) {
       return set_number(v, 1, kMaxRecipients, c.policy.max_recipients);
     }},
    {"messages.max_size", R"(a size from "1 KiB" to "1 GiB", or a number of bytes)",
     [](const toml::node& v, Config& c) {
       return set_size(v, kMinMessageSize, kMaxMessageSize, c.max_message_size);
     }},
    {"messages.max_memory", R"(a size from "1 MiB" to "64 GiB", or a number of bytes)",
     [](const toml::node& v, Config& c) {
       return set_size(v, kMinMemory, kMaxMemory, c.max_memory);
     }},
    {"messages.max_silence", "a number of seconds from 0.001 to 3600",
     [](const toml::node& v, Config& c) { return set_seconds(v, kMaxSilence, c.max_silence); }},
    {"messages.time_budget", "a number of seconds from 0.001 to 600",
     [](const toml::node& v, Config& c) { return set_seconds(v, kMaxTimeBudget, c.time_budget); }},

    {"workers.count", "a number from 0 to 64",
     [](const toml::node& v, Config& c) { return set_number(v, 0, kMaxWorkers, c.workers); }},
    {"workers.memory", R"(a size from "64 MiB" to "64 GiB", or a number of bytes)",
     [](const toml::node& v, Config& c) {
       return set_size(v, kMinWorkerMemory, kMaxMemory, c.worker_memory);
     }},

    {"notice.language", R"(a language tag (BCP 47): "en", "pt-BR")",
     [](const toml::node& v, Config& c) { return set_text(v, c.house.language, is_language_tag); }},
    {"notice.languages",
     R"(a table of addresses or domains, each with a language tag: "example.de" = "de")",
     [](const toml::node& v, Config& c) { return set_languages(v, c.house.languages); }},
    {"notice.second_language", R"(a language tag (BCP 47), "en", or "" for none)",
     [](const toml::node& v, Config& c) {
       return set_text(v, c.house.second_language, is_language_or_empty);
     }},
    {"notice.own_domains", R"(an array of domains: ["example.org"])",
     [](const toml::node& v, Config& c) {
       return set_texts(v, c.policy.own_domains, is_domain_name);
     }},
    {"notice.outside", R"("neutral" or "leave")",
     [](const toml::node& v, Config& c) { return set_choice(v, c.policy.outside); }},
    {"notice.messages_directory", kPath,
     [](const toml::node& v, Config& c) { return set_path(v, c.messages_directory); }},
    {"notice.templates_directory", kPath,
     [](const toml::node& v, Config& c) { return set_path(v, c.templates_directory); }},
    {"notice.extra", R"(a table of causes and sentences: { mailbox-full = "..." })",
     [](const toml::node& v, Config& c) { return set_extra(v, c.house.extra); }},
    {"notice.signature", "text, at most 10 lines of 200 bytes",
     [](const toml::node& v, Config& c) { return set_text(v, c.house.signature, is_signature); }},
    {"notice.organisation", kLine,
     [](const toml::node& v, Config& c) {
       return set_text(v, c.house.organisation, is_plain_line);
     }},
    {"notice.help_name", kLine,
     [](const toml::node& v, Config& c) { return set_text(v, c.house.help_name, is_plain_line); }},
    {"notice.help_email", R"(an e-mail address in ASCII: "help@example.com")",
     [](const toml::node& v, Config& c) {
       return set_text(v, c.house.help_email, is_email_or_empty);
     }},
    {"notice.help_phone", kLine,
     [](const toml::node& v, Config& c) { return set_text(v, c.house.help_phone, is_plain_line); }},
    {"notice.logo", "a few letters, at most 8 columns wide",
     [](const toml::node& v, Config& c) { return set_text(v, c.house.logo, is_logo); }},
    {"notice.accent",
     R"(a colour "#rrggbb" whose contrast to the light page (#ffffff) is 4.5:1 or more)",
     [](const toml::node& v, Config& c) {
       return set_text(v, c.house.accent, is_accent_or_empty);
     }},
    {"notice.accent_dark",
     R"(a colour "#rrggbb" whose contrast to the dark page (#16181c) is 4.5:1 or more)",
     [](const toml::node& v, Config& c) {
       return set_text(v, c.house.accent_dark, is_dark_accent_or_empty);
     }},
    {"notice.help_url",
     R"(a link that begins with "https://" or "http://", with no {} but {cause} and {language} behind the host)",
     [](const toml::node& v, Config& c) { return set_text(v, c.house.help_url, is_web_or_empty); }},

    {"knowledge.rules_directory", kPath,
     [](const toml::node& v, Config& c) { return set_path(v, c.rules_directory); }},
    {"knowledge.model", kPath, [](const toml::node& v, Config& c) { return set_path(v, c.model); }},
    {"knowledge.mail_domains", R"(an array of domains: ["example.org"])",
     [](const toml::node& v, Config& c) { return set_texts(v, c.mail_domains, is_domain_name); }},
    {"knowledge.own_hosts",
     R"(an array of names and networks: ["mx.example.org", "*.example.org", "10.0.0.0/8"])",
     [](const toml::node& v, Config& c) { return set_texts(v, c.own_hosts, is_host_pattern); }},

    {"metrics.listen", R"("HOST:PORT", such as "127.0.0.1:9725", or "" for none)",
     [](const toml::node& v, Config& c) {
       return set_text(v, c.metrics_listen, is_http_address_or_empty);
     }},

    {"log.target", R"("stderr" or "syslog")",
     [](const toml::node& v, Config& c) { return set_choice(v, c.log_target); }},
    {"log.level", R"("debug", "info", "warning" or "error")",
     [](const toml::node& v, Config& c) { return set_choice(v, c.log_level); }},
};

}  // namespace

std::span<const ConfigKey> config_key_table() { return kKeys; }

}  // namespace plainbounce
