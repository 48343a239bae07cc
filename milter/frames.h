// What a session asks of a worker, and what the worker answers <-> frames of bytes.
//
// A frame is its length (8 bytes, this machine's order) and so many bytes of payload: numbers of 8
// bytes, and texts behind their lengths. Reading is total: whatever the bytes are, it gives a value
// that keeps what its type promises, or nothing. A worker has read what a stranger wrote, and its
// answer is believed no more than that.
#ifndef PLAINBOUNCE_MILTER_FRAMES_H_
#define PLAINBOUNCE_MILTER_FRAMES_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/rewrite.h"
#include "milter/rewriter.h"

namespace plainbounce {

inline constexpr std::size_t kFrameHead = 8;  // bytes: the payload's length

std::string frame_head(std::uint64_t payload_length);
std::uint64_t payload_length(std::string_view head);  // of kFrameHead bytes

struct Request {
  std::chrono::microseconds time{0};  // that the work may take, from now on
  Envelope envelope;
  std::string_view message;  // into the frame
};

// The frame but for the message itself, which follows it: it isn't copied.
std::string encode_request(std::chrono::microseconds time, const Envelope& envelope,
                           std::string_view message);
// Of a payload; the result refers to it.
std::optional<Request> decode_request(std::string_view payload);

struct Answer {
  WorkResult result;
  bool last = false;  // the worker ends now
};

std::string encode_answer(const WorkResult& result, bool last);  // a whole frame
std::optional<Answer> decode_answer(std::string_view payload);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_FRAMES_H_
