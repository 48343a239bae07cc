#include "lib/reply/reply_layers.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/base/toml_file.h"
#include "lib/reply/enhanced_status.h"

namespace plainbounce {
namespace {

constexpr std::string_view kFile = "reply/frames.toml";

RE2::Options pattern_options() {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(false);
  options.set_dot_nl(true);
  return options;
}

// Which of a frame's groups tells what; 0: it has none of that name.
struct FrameGroups {
  int inner = 0;
  int host = 0;
  int address = 0;
  int command = 0;
  int code = 0;
  int last_command = 0;
};

struct Frame {
  std::string id;
  std::unique_ptr<RE2> pattern;
  std::unique_ptr<RE2> unless;  // null: always
  FrameGroups groups;
  std::string command;  // that it always answers; empty: the group tells
  bool prose = false;
  std::vector<FrameExample> examples;
};

[[noreturn]] void refuse(const std::string& id, std::string_view what) {
  throw DataError(fmt::format("{}: frame \"{}\": {}", kFile, id, what));
}

std::unique_ptr<RE2> compile(const std::string& id, const std::string& pattern) {
  auto compiled = std::make_unique<RE2>(pattern, pattern_options());
  if (!compiled->ok()) refuse(id, compiled->error());
  return compiled;
}

FrameGroups read_groups(const std::string& id, const RE2& pattern) {
  FrameGroups groups;
  for (const auto& [name, number] : pattern.NamedCapturingGroups()) {
    if (name == "inner") {
      groups.inner = number;
    } else if (name == "host") {
      groups.host = number;
    } else if (name == "address") {
      groups.address = number;
    } else if (name == "command") {
      groups.command = number;
    } else if (name == "last_command") {
      groups.last_command = number;
    } else if (name == "code") {
      groups.code = number;
    } else {
      refuse(id, fmt::format("there is no group \"{}\"", name));
    }
  }
  if (groups.inner == 0) refuse(id, "it has no group \"inner\"");
  return groups;
}

// All frames, and which of them a text may have.
class FrameSet {
 public:
  FrameSet() {
    load(embedded_file(reply_files(), kFile).content);
    if (!whole_.Compile()) throw DataError("the frames need more memory than they may use");
  }

  const std::vector<Frame>& all() const { return frames_; }

  const Frame* find(std::string_view id) const {
    const auto found = std::find_if(frames_.begin(), frames_.end(),
                                    [&](const Frame& frame) { return frame.id == id; });
    return found == frames_.end() ? nullptr : &*found;
  }

  // Those that fit, in the file's order.
  std::vector<const Frame*> around(std::string_view text) const {
    std::vector<int> numbers;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    std::vector<const Frame*> found;
    if (!whole_.Match(text, &numbers, &error) && error.kind != RE2::Set::kNoError) {
      // The automaton didn't fit: slower, one by one, but never wrong.
      for (const Frame& frame : frames_) found.push_back(&frame);
      return found;
    }
    std::sort(numbers.begin(), numbers.end());
    for (const int number : numbers) found.push_back(&frames_[static_cast<std::size_t>(number)]);
    return found;
  }

 private:
  void load(std::string_view content) {
    toml::table root = parse_toml(kFile, content);
    about_sender_ = string_of(kFile, root, "about_sender");
    root.erase("about_sender");
    for (const toml::table* const table : array_of_tables(kFile, root, "frame")) {
      check_keys(kFile, *table, {"id", "pattern", "command", "unless", "prose", "examples"});
      add(*table);
    }
  }

  void add(const toml::table& table) {
    Frame& frame = frames_.emplace_back();
    frame.id = string_of(kFile, table, "id");
    const std::string pattern = string_of(kFile, table, "pattern");
    frame.pattern = compile(frame.id, pattern);
    frame.groups = read_groups(frame.id, *frame.pattern);
    frame.command = string_of(kFile, table, "command");
    frame.prose = bool_of(kFile, table, "prose");
    if (std::string unless = string_of(kFile, table, "unless"); !unless.empty()) {
      constexpr std::string_view kMark = "{about_sender}";
      const std::size_t mark = unless.find(kMark);
      if (mark != std::string::npos) unless.replace(mark, kMark.size(), about_sender_);
      frame.unless = compile(frame.id, unless);
    }
    whole_.Add(pattern, nullptr);
    const toml::array* const examples = table["examples"].as_array();
    if (examples == nullptr) refuse(frame.id, "it has no examples");
    for (const toml::node& example : *examples) {
      const toml::table* const pair = example.as_table();
      if (pair == nullptr) refuse(frame.id, "an example is { text = ..., inner = ... }");
      frame.examples.push_back(
          {frame.id, string_of(kFile, *pair, "text"), string_of(kFile, *pair, "inner")});
    }
  }

  std::string about_sender_;
  std::vector<Frame> frames_;
  RE2::Set whole_{pattern_options(), RE2::ANCHOR_BOTH};
};

const FrameSet& frames() {
  static const FrameSet kFrames;
  return kFrames;
}

// Letters beside codes: a word.
bool has_words(std::string_view text) {
  int letters = 0;
  for (const char c : text) {
    letters = is_letter(c) || (c & 0x80) != 0 ? letters + 1 : 0;
    if (letters == 2) return true;
  }
  return false;
}

bool begins_with_code(std::string_view text) {
  return text.starts_with('4') || text.starts_with('5');
}

std::string group(const std::vector<re2::StringPiece>& parts, int number) {
  return number == 0 || parts[static_cast<std::size_t>(number)].data() == nullptr
             ? std::string()
             : std::string(trim(std::string_view(parts[static_cast<std::size_t>(number)])));
}

std::optional<ReplyLayer> layer_within(const Frame& frame, std::string_view text) {
  const int groups = frame.pattern->NumberOfCapturingGroups() + 1;
  std::vector<re2::StringPiece> parts(static_cast<std::size_t>(groups));
  if (!frame.pattern->Match(text, 0, text.size(), RE2::ANCHOR_BOTH, parts.data(), groups)) {
    return std::nullopt;
  }
  const re2::StringPiece& inner = parts[static_cast<std::size_t>(frame.groups.inner)];
  const std::string_view before =
      text.substr(0, static_cast<std::size_t>(inner.data() - text.data()));
  if (frame.unless != nullptr && RE2::PartialMatch(before, *frame.unless)) return std::nullopt;
  ReplyLayer layer;
  layer.frame = frame.id;
  layer.in_prose = frame.prose;
  layer.text = group(parts, frame.groups.inner);
  layer.host = group(parts, frame.groups.host);
  layer.address = group(parts, frame.groups.address);
  layer.command = frame.command.empty() ? group(parts, frame.groups.command) : frame.command;
  layer.code = group(parts, frame.groups.code);
  // With pipelining DATA was sent before any reply came.
  const std::string last = group(parts, frame.groups.last_command);
  if (!equals_ignoring_case(last, "DATA")) layer.command += last;
  return layer;
}

// As qmail writes its log: "Remote_host_said:_550_<a_b@example.com>_unknown". Addresses stay, which
// it puts in angle brackets, and so does all from a link on, since nobody can tell where it ends.
std::string with_words_apart(std::string_view text) {
  constexpr std::ptrdiff_t kFewest = 3;  // a name may have one or two
  std::string out(text);
  if (std::count(text.begin(), text.end(), '_') < kFewest) return out;
  if (text.find(' ') != std::string_view::npos) return out;
  const std::size_t end = std::min(text.find("://"), text.size());
  bool in_brackets = false;
  for (std::size_t i = 0; i < end; ++i) {
    if (out[i] == '<' || out[i] == '>') in_brackets = out[i] == '<';
    if (in_brackets) continue;
    if (out[i] == '@') return std::string(text);
    if (out[i] == '_') out[i] = ' ';
  }
  return out;
}

std::optional<ReplyLayer> next_layer(std::string_view text) {
  for (const Frame* const frame : frames().around(text)) {
    if (auto layer = layer_within(*frame, text)) {
      return has_words(layer->text) || begins_with_code(layer->text) ? std::move(layer)
                                                                     : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<ReplyLayer> read_layers(std::string_view text) {
  std::vector<ReplyLayer> layers(1);
  layers.front().text = with_words_apart(text);
  while (layers.size() < kMaxLayers) {
    auto inner = next_layer(layers.back().text);
    if (!inner) break;
    layers.push_back(*std::move(inner));
  }
  return layers;
}

const ReplyLayer& heard_layer(const std::vector<ReplyLayer>& layers) {
  auto layer = std::prev(layers.end());
  while (layer->in_prose && !has_words(layer->text)) --layer;
  return *layer;
}

void compile_frames() { frames(); }

std::vector<FrameExample> frame_examples() {
  std::vector<FrameExample> all;
  for (const Frame& frame : frames().all()) {
    all.insert(all.end(), frame.examples.begin(), frame.examples.end());
  }
  return all;
}

std::string without_frame(std::string_view id, std::string_view text) {
  const Frame* const frame = frames().find(id);
  if (frame == nullptr) return {};
  const auto layer = layer_within(*frame, text);
  return layer ? layer->text : std::string();
}

}  // namespace plainbounce
