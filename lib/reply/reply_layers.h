// A diagnostic's text -> its layers: what programs wrote around a reply that they passed on.
//
// "<anna@example.com>: host mx[192.0.2.1] said: 550 no such user (in reply to RCPT TO command)" has
// three: the recipient's entry, what Postfix says of a server, and the server's words. The forms
// are data, frames.toml.
#ifndef PLAINBOUNCE_LIB_REPLY_REPLY_LAYERS_H_
#define PLAINBOUNCE_LIB_REPLY_REPLY_LAYERS_H_

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// Untrusted text throughout.
struct ReplyLayer {
  std::string_view frame;  // id of the frame that stood around it; empty: the outermost
  std::string text;        // with the layers within
  // What the frame told; empty: nothing.
  std::string host;       // whose words these are
  std::string address;    // its IP address, without brackets
  std::string command;    // the SMTP command that was answered: "RCPT TO:<anna@example.com>"
  std::string code;       // three digits, where the reply code stood outside of `text`
  bool in_prose = false;  // may what stood around `text` itself say why?
};

inline constexpr std::size_t kMaxLayers = 8;

// From the outside in, at least one. `text` is UTF-8 with white space collapsed. The words of
// qmail's log, which "_" joins, are apart. Total and linear.
std::vector<ReplyLayer> read_layers(std::string_view text);

// The one of `layers`, as read_layers() returns them, whose text is to be heard: the innermost;
// where that is nothing but codes, who passed it on in prose has more to say.
const ReplyLayer& heard_layer(const std::vector<ReplyLayer>& layers);

// Does at start what the first text would otherwise wait for. Throws DataError.
void compile_frames();

// One example of frames.toml, for the test that executes them.
struct FrameExample {
  std::string frame;
  std::string text;
  std::string inner;
};
std::vector<FrameExample> frame_examples();

// `text` without the frame `id`; empty: it isn't there.
std::string without_frame(std::string_view id, std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_REPLY_LAYERS_H_
