// Messages of 10 MB, made to cost much: none costs more than so many times what a plain one of the
// same size does, nor grows faster than its size.
//
// Measured is the processor's time, against work that is done on the same machine in the same run:
// a plain bounce takes too little of it to be a measure.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>

#include "lib/base/text.h"
#include "lib/rewrite.h"
#include "tests/unit/report_parts.h"

// Clang and g++ tell of a sanitizer in different ways.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PLAINBOUNCE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PLAINBOUNCE_SANITIZED 1
#endif
#endif

namespace plainbounce {
namespace {

#ifdef PLAINBOUNCE_SANITIZED
constexpr std::size_t kSize = std::size_t{1} << 20;
#else
constexpr std::size_t kSize = std::size_t{10} << 20;
#endif

// Times what looking once through 10 MB of text takes. Where that is a fiftieth of a second it is
// one second; the costliest below takes half of it.
constexpr double kMost = 50;

std::string repeated(std::string_view unit, std::size_t size) {
  std::string text;
  text.reserve(size + unit.size());
  while (text.size() < size) text += unit;
  return text;
}

// `unit(i)` for i = 0, 1, ..., till there are so many bytes, or so many units.
std::string numbered(std::size_t size, int most, const std::function<std::string(int)>& unit) {
  std::string text;
  for (int i = 0; i < most && text.size() < size; ++i) text += unit(i);
  return text;
}

double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

const Resources& resources() {
  static const Resources kResources = [] {
    Resources all{Knowledge::load(), Catalogue::load()};
    all.knowledge.prepare();
    return all;
  }();
  return kResources;
}

double cost_of(const std::string& message) {
  Policy policy = Policy::defaults();
  policy.other_bounces = OtherBounces::kExplain;
  const Envelope envelope{.sender = "", .recipients = {"anna@example.org"}};
  return seconds_of([&] { rewrite(message, envelope, policy, {}, resources()); });
}

// Seconds for looking once through 10 MB.
double measure() {
  const std::string text =
      repeated("The mailbox of <anna@example.org> is full.\n", std::size_t{10} << 20);
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    best = std::min(best, seconds_of([&] { EXPECT_EQ(valid_utf8(text), text); }));
  }
  return best;
}

std::string recipient(int i, const std::string& reply) {
  return fmt::format(
      "\nFinal-Recipient: rfc822; r{}@example.com\nAction: failed\nStatus: 5.7.1\n"
      "Remote-MTA: dns; mx.example.com\nDiagnostic-Code: smtp; 550 5.7.1 {}\n",
      i, reply);
}

std::string report_on(const std::string& recipients) {
  return report_of(
      {kText, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n" + recipients});
}

std::string returning(const std::string& header) {
  return report_of({kText, kStatus, "Content-Type: message/rfc822\n\n" + header + "\nx\n"});
}

std::string words(const std::string& header, const std::string& text) {
  return "Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: Undelivered Mail\n" + header +
         "\nYour message could not be delivered:\n\n" + text;
}

struct Input {
  const char* name;
  std::function<std::string(std::size_t)> message;  // of about so many bytes
};

// A folded field, as often as it takes.
std::string fields(const std::string& name, std::string_view unit, std::size_t size) {
  std::string field = name + ": ";
  for (int line = 0; line < 66; ++line) field += repeated(unit, 980) + "\n ";
  return repeated(field + "x\n", size);
}

const Input kInputs[] = {
    {"plain", [](std::size_t size) { return returning("Subject: x\n\n" + repeated("x\n", size)); }},
    {"groups in groups in To",
     [](std::size_t size) {
       return fields("To", "a:", size) + report_of({kText, kStatus});
     }},
    {"groups in groups in the returned From",
     [](std::size_t size) { return returning(fields("From", "a:", size)); }},
    {"half addresses in the returned To",
     [](std::size_t size) { return returning(fields("To", "a:b@c,", size)); }},
    {"groups in groups in X-Failed-Recipients",
     [](std::size_t size) { return words(fields("X-Failed-Recipients", "a:", size), "x\n"); }},
    {"names of block lists",
     [](std::size_t size) {
       return report_on(numbered(size, 1000, [&](int i) {
         return recipient(i, repeated("blocked using zen.spamhaus.org \n ", size / 1000));
       }));
     }},
    {"distinct replies",
     [](std::size_t size) {
       return report_on(numbered(size, 1000, [&](int i) {
         return recipient(i, repeated(fmt::format("word{} refused \n ", i), size / 1000));
       }));
     }},
    {"more recipients than are read",
     [](std::size_t size) {
       return report_on(numbered(size, 1 << 20, [](int i) { return recipient(i, "no"); }));
     }},
    {"a transcript",
     [](std::size_t size) {
       const auto session = [](int i) {
         return fmt::format(
             "... while talking to mx.example.com.:\n>>> RCPT To:<r{0}@example.com>\n"
             "<<< 550 5.7.1 no\n550 5.7.1 <r{0}@example.com>... no\n",
             i);
       };
       return report_of(
           {"Content-Type: text/plain\n\n   ----- Transcript of session follows "
            "-----\n" +
                numbered(std::min(size, std::size_t{4} << 20) / 2, 1 << 20, session),
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n" +
                numbered(size, 900, [](int i) { return recipient(i, "no"); })});
     }},
    {"many failed addresses, and many lines",
     [](std::size_t size) {
       const std::string names = numbered(size, 1000, [](int i) {
         return fmt::format("X-Failed-Recipients: r{}@example.com\n", i);
       });
       return words(names, numbered(size, 1 << 20, [](int i) {
                      return fmt::format("line {} of <r{}@example.com>: 550 no\n", i, i % 2000);
                    }));
     }},
};

TEST(CostsTest, NoMessageCostsMuchMoreThanItsSize) {
  const double measured = measure();
  cost_of(kInputs[0].message(1000));  // what is loaded late is loaded
  for (const Input& input : kInputs) {
    const std::string message = input.message(kSize);
    const double cost = cost_of(message);
    const double tenth = cost_of(input.message(kSize / 10));
    fmt::print("{}: {:.2f} s for {:.1f} MB, {:.1f} times the measure; a tenth of it {:.2f} s\n",
               input.name, cost, static_cast<double>(message.size()) / (1 << 20), cost / measured,
               tenth);
    EXPECT_LT(cost, kMost * measured) << input.name;
    EXPECT_LT(cost, 30 * tenth + 20 * measured) << input.name << " costs the square of its size";
  }
}

}  // namespace
}  // namespace plainbounce
