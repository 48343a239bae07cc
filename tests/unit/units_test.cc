// Numbers and units as the world writes them.
#include "lib/knowledge/units.h"

#include <gtest/gtest.h>

#include <vector>

#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

const Knowledge& units_known() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

struct Quantity {
  const char* text;
  std::uint64_t value;  // bytes, seconds or how many; 0: nothing can be read
};

template <typename Read>
void expect_read(const std::vector<Quantity>& quantities, const Read& read) {
  for (const Quantity& quantity : quantities) {
    const auto value = read(quantity.text);
    EXPECT_EQ(value ? static_cast<std::uint64_t>(*value) : 0, quantity.value) << quantity.text;
  }
}

constexpr std::uint64_t kKilo = 1024;
constexpr std::uint64_t kMega = kKilo * kKilo;
constexpr std::uint64_t kGiga = kKilo * kMega;

TEST(UnitsTest, EveryExampleOfAUnitIsReadSo) {
  ASSERT_FALSE(units_known().units().examples().empty());
  for (const UnitExample& example : units_known().units().examples()) {
    const auto seconds = units_known().units().seconds(example.text);
    const auto value = example.is_size ? units_known().units().bytes(example.text)
                                       : std::optional<std::uint64_t>(seconds);
    EXPECT_EQ(value, example.value) << "units.tsv:" << example.line << ": " << example.text;
  }
}

TEST(UnitsTest, SizesAreReadAsTheWorldWritesThem) {
  expect_read({{"26214400", 26214400},
               {"10,240,000 bytes", 10240000},
               {"25 MB", 25 * kMega},
               {"25MB).", 25 * kMega},
               {"35m", 35 * kMega},
               {" 1.5 GiB", kGiga * 3 / 2},
               {"200 kilobytes", 200 * kKilo},
               {"10240 K", 10 * kMega},
               {"64 kB", 64 * kKilo},
               {"10.485.760", 10 * kMega},
               {"10 485 760 octets", 10 * kMega},
               {"10'485'760", 10 * kMega},
               {"10\u2019485\u2019760", 10 * kMega},
               {"10\u00A0485\u00A0760\u00A0octets", 10 * kMega},
               {"10\u202F485,5 Ko", 10737152},
               {"1,5 Mo", kMega * 3 / 2},
               {"1,5 MB", kMega * 3 / 2},
               {"1.5 MB", kMega * 3 / 2},
               {"0.500 MB", kMega / 2},
               {"1.000 bytes", 1000},
               {"1 000 octets", 1000},
               {"1,000 Bytes", 1000},
               {"1.000", 1000},
               {"10485760.00 bytes", 10 * kMega},
               {"10 Мб", 10 * kMega},
               {"10 МБ", 10 * kMega},
               {"35 мегабайт", 35 * kMega},
               {"35 мегабайтів", 35 * kMega},
               {"5000 байт", 5000},
               {"20 MiB", 20 * kMega},
               {"500 Ko", 500 * kKilo},
               {"2 Go", 2 * kGiga},
               {"1 TB", kKilo * kGiga},
               {"10 MByte", 10 * kMega},
               {"10 MByte(s)", 10 * kMega},
               {"10 megabytes", 10 * kMega},
               {"10 MEGABYTES", 10 * kMega},
               {"10 Mégaoctets", 10 * kMega},
               {"10-MB", 10 * kMega},
               {"10 megabajtów", 10 * kMega},
               {"10 megatavua", 10 * kMega},
               {"10 메가바이트", 10 * kMega},
               {"10MB以下", 10 * kMega},
               {"10 兆字节", 10 * kMega},
               {"10 ميغابايت", 10 * kMega},
               {"10485760 exceeded", 10 * kMega}},
              [](const char* text) { return units_known().units().bytes(text); });
}

TEST(UnitsTest, ASizeIsNothingRatherThanAGuess) {
  expect_read({{"", 0},           {"MB", 0},
               {"0", 0},          {"-5 MB", 0},
               {"12 parsecs", 0}, {"10 Xb", 0},
               {"10240 Xb", 0},   {"10", 0},
               {"25", 0},         {"1.5", 0},
               {"1.5 bytes", 0},  {"1.2.3", 0},
               {"1.2.3 MB", 0},   {"10,24,0 KB", 0},
               {"1.500 MB", 0},   {"1,000 MB", 0},
               {"1.024 KB", 0},   {"1.234,567.8 MB", 0},
               {"10-20 MB", 0},   {"10 20 MB", 0},
               {"10 MB/s", 0},    {"99999999999999999999999 GB", 0},
               {"9999999 TB", 0}},
              [](const char* text) { return units_known().units().bytes(text); });
}

TEST(UnitsTest, DurationsAreReadAsTheWorldWritesThem) {
  expect_read({{"00:05:00", 300},
               {"1:30:00", 5400},
               {"300 seconds", 300},
               {"300s", 300},
               {"5 minutes", 300},
               {"5 min.", 300},
               {"60", 60},
               {"2 hours", 7200},
               {"1 day", 86400},
               {"2 Stunden", 7200},
               {"5 Minuten", 300},
               {"1 week", 604800},
               {"5000 ms", 5},
               {"1 hour(s) 25 minute(s)", 5100},
               {"1 hour, 25 minutes and 5 seconds", 5105},
               {"1 Stunde und 30 Minuten", 5400},
               {"1 heure et 5 minutes", 3900},
               {"2h30m", 9000},
               {"2h 30min", 9000},
               {"4 часа", 14400},
               {"1 час 5 минут", 3900},
               {"10 хвилин", 600},
               {"5 minuutin", 300},
               {"5分钟", 300},
               {"30分後", 1800},
               {"1時間30分", 5400},
               {"1시간 5분", 3900},
               {"1.5 hours", 5400},
               {"1,5 heures", 5400},
               {"1\u00A0000 s", 1000},
               {"1,000 seconds", 1000}},
              [](const char* text) { return units_known().units().seconds(text); });
}

TEST(UnitsTest, ADurationIsNothingRatherThanAGuess) {
  expect_read({{"", 0},
               {"soon", 0},
               {"1:2:3:4", 0},
               {"::", 0},
               {"-5", 0},
               {"5 fortnights", 0},
               {"05:30", 0},
               {"14:30", 0},
               {"00:75:00", 0},
               {"1 hour 5 x", 0},
               {"5 minutes 1 hour", 0},
               {"5 minutes 10 minutes", 0},
               {"2h30", 0},
               {"5-10 minutes", 0},
               {"1.500 seconds", 0},
               {"999999999999999999", 0},
               {"1,000 hours", 0},
               {"2 год", 0},
               {"3 attempts", 0}},
              [](const char* text) { return units_known().units().seconds(text); });
}

TEST(UnitsTest, CountsAreReadAsTheWorldWritesThem) {
  expect_read({{"100", 100},
               {"100.", 100},
               {"1.000", 1000},
               {"1,000", 1000},
               {"1 000", 1000},
               {"1\u00A0000", 1000},
               {"1'000", 1000},
               {"1.000.000", 1000000},
               {"0", 0},
               {"1.5", 0},
               {"1,50", 0},
               {"1.2.3", 0},
               {"100k", 0},
               {"100 MB", 0},
               {"many", 0}},
              [](const char* text) { return read_count(text); });
}

}  // namespace
}  // namespace plainbounce
