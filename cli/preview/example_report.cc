#include "cli/preview/example_report.h"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <kainjow/mustache.hpp>
#include <map>
#include <string_view>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/base/tsv.h"

namespace plainbounce {

// The data files of this folder (cli/CMakeLists.txt).
std::span<const EmbeddedFile> preview_files();

namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;

// One row of examples.tsv; "-" is empty.
struct Example {
  Outcome outcome = Outcome::kFailed;
  std::string status;
  std::string domain;
  std::string host;
  std::string stage;
  std::string reply;
};

std::map<Cause, Example> read_examples() {
  constexpr auto kColumns = std::to_array<std::string_view>(
      {"cause", "outcome", "status", "domain", "host", "stage", "reply"});
  const EmbeddedFile& file = embedded_file(preview_files(), "preview/examples.tsv");
  std::map<Cause, Example> examples;
  for (const TableRow& row : parse_table(file.name, file.content, kColumns)) {
    const auto cause = parse_id<Cause>(row.cells[0]);
    const auto outcome = parse_id<Outcome>(row.cells[1]);
    if (!cause || !outcome) {
      throw DataError(fmt::format("{}:{}: no such cause or outcome", file.name, row.line));
    }
    const auto cell = [&row](std::size_t at) {
      return row.cells[at] == "-" ? std::string() : std::string(row.cells[at]);
    };
    examples[*cause] = {*outcome, cell(2), cell(3), cell(4), cell(5), cell(6)};
  }
  return examples;
}

// A few people, and then "person7".
std::string local_part(std::size_t number) {
  constexpr auto kPeople = std::to_array<std::string_view>(
      {"anna.hansen", "jonas.weber", "mei.chen", "omar.farouk", "lucia.rossi", "tom.baker"});
  return number < kPeople.size() ? std::string(kPeople[number])
                                 : fmt::format("person{}", number + 1);
}

// The outcome that was asked for, where the cause may end so.
Outcome outcome_of(Cause cause, const Example& example, const std::optional<Outcome>& asked) {
  if (!asked || *asked == example.outcome) return example.outcome;
  if (!is_undelivered(*asked) || !is_undelivered(example.outcome)) {
    throw DataError(
        fmt::format("--outcome: with {} a message is never {}", id_of(cause), id_of(*asked)));
  }
  return *asked;
}

// "550 5.2.2 Full" as a temporary answer: "450 4.2.2 Full". Only what a server answered has codes.
std::string with_class(std::string text, char status_class, bool is_reply) {
  if (!is_reply) return text;
  if (text.size() > 3 && is_digit(text[0]) && text[3] == ' ') {
    text[0] = status_class;
    if (text.size() > 5 && is_digit(text[4]) && text[5] == '.') text[4] = status_class;
  }
  return text;
}

// A server that gives up has been told to come back until then.
char class_of(Outcome outcome) {
  if (!is_undelivered(outcome)) return '2';
  return outcome == Outcome::kFailed ? '5' : '4';
}

std::string_view action_of(Outcome outcome) {
  return outcome == Outcome::kGaveUp ? id_of(Outcome::kFailed) : id_of(outcome);
}

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string place = "{" + name + "}";
    for (std::size_t at = text.find(place); at != std::string::npos;
         at = text.find(place, at + value.size())) {
      text.replace(at, place.size(), value);
    }
  }
  return text;
}

// RFC 5322 section 3.3, in the local time zone.
std::string date_field(std::int64_t when) {
  const std::time_t seconds = when;
  std::tm parts{};
  if (localtime_r(&seconds, &parts) == nullptr) return {};
  std::array<char, 60> text{};
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S %z", &parts);
  return {text.data(), length};
}

// How long before the bounce the message came.
std::int64_t age_of(Outcome outcome) {
  if (outcome == Outcome::kGaveUp) return 5 * kDay;
  return outcome == Outcome::kDelayed ? 4 * kHour : 2;
}

class Maker {
 public:
  explicit Maker(const ExampleWish& wish) : wish_(wish) {
    report_.sender = "maria.lind@" + wish.house;
  }

  ExampleReport make() {
    const std::map<Cause, Example> examples = read_examples();
    std::int64_t age = 0;
    for (std::size_t i = 0; i < wish_.recipients; ++i) {
      const Cause cause = wish_.causes[i % wish_.causes.size()];
      const Outcome outcome = outcome_of(cause, examples.at(cause), wish_.outcome);
      report_.causes.push_back(cause);
      report_.outcomes.push_back(outcome);
      age = std::max(age, age_of(outcome));
    }
    arrival_ = wish_.now - age;
    for (std::size_t i = 0; i < wish_.recipients; ++i) {
      add_recipient(i, examples.at(report_.causes[i]), report_.outcomes[i]);
    }
    write();
    return std::move(report_);
  }

 private:
  void add_recipient(std::size_t number, const Example& example, Outcome outcome) {
    const std::string domain = example.domain.empty() ? wish_.house : example.domain;
    const std::string address = local_part(number) + "@" + domain;
    std::map<std::string, std::string> values = {{"recipient", address},
                                                 {"domain", domain},
                                                 {"sender", report_.sender},
                                                 {"house", wish_.house},
                                                 {"server", wish_.server}};
    const std::string host = filled(example.host, values);
    values["host"] = host;
    data one;
    one.set("address", address);
    one.set("reply", with_class(filled(example.reply, values), class_of(outcome), !host.empty()));
    one.set("action", std::string(action_of(outcome)));
    one.set("status", class_of(outcome) + example.status.substr(1));
    if (!host.empty()) one.set("host", host);
    if (!example.stage.empty()) one.set("stage", example.stage);
    if (outcome == Outcome::kDelayed) one.set("until", date_field(arrival_ + 5 * kDay));
    recipients_.push_back(one);
    addressees_ += (addressees_.empty() ? "" : ",\n ") + address;
  }

  void write() {
    data root;
    root.set("recipients", recipients_);
    root.set("addressees", addressees_);
    root.set("date", date_field(wish_.now));
    root.set("arrival", date_field(arrival_));
    root.set("number", std::to_string(wish_.now));
    root.set("house", wish_.house);
    root.set("server", wish_.server);
    root.set("sender", report_.sender);
    root.set("to", wish_.to);
    const Outcome first = report_.outcomes.front();
    root.set("delayed", first == Outcome::kDelayed);
    root.set("success", !is_undelivered(first));
    root.set("failed", is_undelivered(first) && first != Outcome::kDelayed);
    const EmbeddedFile& layout = embedded_file(preview_files(), "preview/report.eml.mustache");
    report_.message = kainjow::mustache::mustache(std::string(layout.content)).render(root);
  }

  const ExampleWish& wish_;
  ExampleReport report_;
  std::int64_t arrival_ = 0;
  list recipients_;
  std::string addressees_;
};

}  // namespace

ExampleReport make_example_report(const ExampleWish& wish) { return Maker(wish).make(); }

}  // namespace plainbounce
