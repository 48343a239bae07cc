// Teaches the learned model, and measures it on replies whose source was held out.
//
//   accuracy --learn REPLIES MODEL PAGE    writes the model, and the measures into the page
//   accuracy --check REPLIES MODEL PAGE    exit status 1 where either isn't what the replies make
//   accuracy --misses REPLIES              lists what was wrong of the replies that were held out
//   accuracy --rules REPLIES               lists the rules that match a reply of another cause
//
// REPLIES is lib/knowledge/replies.tsv, MODEL lib/knowledge/cause-model.bin, PAGE docs/accuracy.md.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/learn/lessons.h"

namespace plainbounce {
namespace {

constexpr int kParts = 4;  // of the sources
constexpr std::string_view kBegin = "<!-- measured by tests/accuracy -->\n";
constexpr std::string_view kEnd = "<!-- end -->";

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + ": can't be read");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Tally {
  int answers = 0;
  int wrong = 0;
};

// The replies that a row of the table is about.
struct Group {
  std::string name;
  std::function<bool(const LabelledReply&)> holds;
};

std::vector<Group> groups_by_kind() {
  const auto of_kind = [](std::string_view kind) {
    return [kind](const LabelledReply& reply) { return reply.kind == kind; };
  };
  return {{"servers", of_kind("wire")},
          {"... of them, collected after 0.1.0",
           [](const LabelledReply& reply) { return reply.source.starts_with("fresh:"); }},
          {"lists, scanners, groupware", of_kind("software")},
          {"mail programs", of_kind("program")}};
}

// Of a language that has fewer, a share means little.
constexpr int kEnough = 20;

// Those with the most replies first; then all the others together.
std::vector<Group> groups_by_language(const std::vector<Judged>& judged) {
  std::map<std::string, int> counts;
  for (const Judged& one : judged) ++counts[one.reply->language];
  std::vector<std::pair<int, std::string>> own_row;
  std::set<std::string> others;
  for (const auto& [language, count] : counts) {
    if (count >= kEnough) {
      own_row.emplace_back(-count, language);
    } else {
      others.insert(language);
    }
  }
  std::sort(own_row.begin(), own_row.end());
  std::vector<Group> groups;
  for (const auto& [count, language] : own_row) {
    groups.push_back({fmt::format("`{}`", language), [language](const LabelledReply& reply) {
                        return reply.language == language;
                      }});
  }
  groups.push_back({"all other languages", [others](const LabelledReply& reply) {
                      return others.contains(reply.language);
                    }});
  return groups;
}

std::string cell(const Tally& tally) {
  return tally.answers == 0 ? "-" : fmt::format("{} of {}", tally.wrong, tally.answers);
}

std::string table(std::string_view title, const std::vector<Group>& groups,
                  const std::vector<Judged>& judged) {
  std::string out = fmt::format(
      "| {} | right | certain, and wrong | likely, and wrong | unsure, and wrong |\n"
      "|---|---|---|---|---|\n",
      title);
  for (const Group& group : groups) {
    std::array<Tally, 3> tallies;
    Tally all;
    for (const Judged& one : judged) {
      if (!group.holds(*one.reply)) continue;
      const int wrong = is_right(one.verdict.cause, *one.reply) ? 0 : 1;
      for (Tally* const tally :
           {&all, &tallies[static_cast<std::size_t>(one.verdict.confidence)]}) {
        ++tally->answers;
        tally->wrong += wrong;
      }
    }
    out += fmt::format("| {} | {:.1f} % of {} | {} | {} | {} |\n", group.name,
                       100.0 * (all.answers - all.wrong) / std::max(all.answers, 1), all.answers,
                       cell(tallies[0]), cell(tallies[1]), cell(tallies[2]));
  }
  return out;
}

void print_misses(const std::vector<Judged>& judged) {
  for (const Judged& one : judged) {
    if (is_right(one.verdict.cause, *one.reply)) continue;
    std::cout << fmt::format("{}\t{}\t{}\t{:.2f}\t{}\t{}\t{}\n", one.reply->kind,
                             id_of(one.reply->cause), id_of(one.verdict.cause), one.probability,
                             id_of(one.verdict.confidence), to_string(one.verdict.evidence),
                             one.reply->text);
  }
}

// Every match of a rule with a reply whose cause it isn't: "decides" where rules alone take its
// word.
void print_wrong_matches(const std::vector<LabelledReply>& replies, const Knowledge& knowledge) {
  for (const LabelledReply& reply : replies) {
    const Hearing hearing = hear_pasted(reply.text);
    const std::string provider = provider_of(hearing, reply.host, knowledge);
    const Verdict verdict = judge_by_rules(hearing, provider, knowledge);
    for (const Rule* const rule : verdict.rules) {
      if (is_right(rule->cause, reply)) continue;
      const bool decides = verdict.evidence == rule_evidence(*rule);
      std::cout << fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", rule->id, id_of(rule->cause),
                               decides ? "decides" : "", reply.kind, reply.source,
                               id_of(reply.cause), reply.text);
    }
  }
}

struct Lessons {
  std::vector<LabelledReply> replies;
  std::vector<Judged> judged;
  Calibration calibration;
};

Lessons learn(const std::string& replies_file, Knowledge& knowledge) {
  Lessons lessons;
  lessons.replies = known_replies(replies_file, read_file(replies_file), knowledge.rules().rules());
  lessons.judged = cross_validate(lessons.replies, kParts, knowledge);
  lessons.calibration = calibrate(lessons.judged);
  recalibrate(lessons.calibration, lessons.judged);
  return lessons;
}

CauseModel::Parameters make_model(const Lessons& lessons, const Knowledge& knowledge) {
  CauseModel::Parameters parameters = train(make_lessons(lessons.replies, knowledge));
  parameters.calibration = lessons.calibration;
  return parameters;
}

std::string measures(const Lessons& lessons) {
  return fmt::format("{}{}\n{}\nCertain from {:.2f}, likely from {:.2f}.\n", kBegin,
                     table("held out", groups_by_kind(), lessons.judged),
                     table("in the language", groups_by_language(lessons.judged), lessons.judged),
                     lessons.calibration.certain, lessons.calibration.likely);
}

// Where the measures stand in the page.
std::pair<std::size_t, std::size_t> place_in(const std::string& page) {
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.find(kEnd, begin);
  if (end == std::string::npos) throw std::runtime_error("the page has no place for the measures");
  return {begin, end - begin};
}

std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    char* end = nullptr;
    const std::string rest(text.substr(i, 12));
    numbers.push_back(std::strtod(rest.c_str(), &end));
    i += static_cast<std::size_t>(end - rest.c_str());
  }
  return numbers;
}

// Another processor rounds otherwise: an answer or two may differ, and a weight by one unit.
constexpr double kOtherAnswers = 6;
constexpr float kOtherWeights = 0.01F;

bool same_measures(const std::string& now, const std::string& page) {
  const auto [begin, length] = place_in(page);
  const std::vector<double> before = numbers_in(std::string_view(page).substr(begin, length));
  const std::vector<double> after = numbers_in(now);
  return before.size() == after.size() &&
         std::equal(before.begin(), before.end(), after.begin(),
                    [](double a, double b) { return std::fabs(a - b) <= kOtherAnswers; });
}

bool same_model(const CauseModel::Parameters& parameters, const std::string& stored) {
  const CauseModel model = CauseModel::parse("the model", stored);
  std::size_t weights = 0;
  std::size_t others = 0;
  for (std::size_t i = 0; i < parameters.features.size(); ++i) {
    for (const CauseModel::CauseWeight& weight : parameters.weights[i]) {
      const float now = parameters.unit * static_cast<float>(weight.weight);
      const float before = model.weight(parameters.features[i], static_cast<Cause>(weight.cause));
      ++weights;
      others += std::fabs(now - before) > 2 * parameters.unit ? 1 : 0;
    }
  }
  return static_cast<float>(others) <= kOtherWeights * static_cast<float>(weights);
}

int check(const Lessons& lessons, const CauseModel::Parameters& parameters,
          const std::string& stored, const std::string& page) {
  const bool right_model = same_model(parameters, stored);
  const bool right_page = same_measures(measures(lessons), page);
  if (!right_model) std::cout << "the stored model isn't the one that the replies make\n";
  if (!right_page) std::cout << "the page doesn't say what was measured\n";
  std::cout << measures(lessons);
  return right_model && right_page ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  Knowledge knowledge = Knowledge::load();
  knowledge.set_cause_model({});
  if (words[0] == "--rules") {
    print_wrong_matches(known_replies(words[1], read_file(words[1]), knowledge.rules().rules()),
                        knowledge);
    return 0;
  }
  const Lessons lessons = learn(words[1], knowledge);
  if (words[0] == "--misses") {
    print_misses(lessons.judged);
    return 0;
  }
  const CauseModel::Parameters parameters = make_model(lessons, knowledge);
  std::string page = read_file(words[3]);
  if (words[0] == "--check") return check(lessons, parameters, read_file(words[2]), page);
  std::ofstream(words[2], std::ios::binary) << CauseModel::to_bytes(parameters);
  const auto [begin, length] = place_in(page);
  page.replace(begin, length, measures(lessons));
  std::ofstream(words[3], std::ios::binary) << page;
  return 0;
}

}  // namespace
}  // namespace plainbounce

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool list = words.size() == 2 && (words[0] == "--misses" || words[0] == "--rules");
  const bool whole = words.size() == 4 && (words[0] == "--learn" || words[0] == "--check");
  if (!list && !whole) {
    std::cerr << "accuracy --learn|--check REPLIES MODEL PAGE | --misses|--rules REPLIES\n";
    return 2;
  }
  return plainbounce::run(words);
}
