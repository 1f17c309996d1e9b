// permessage-deflate: inflates arbitrary input of a peer, and inflates again what our deflater has compressed.

#include <algorithm>

#include "deflate/zlib_engine.hpp"
#include "fuzz.hpp"
#include "protocol/deflate_negotiation.hpp"
#include "protocol/message_deflater.hpp"
#include "protocol/message_inflater.hpp"

using namespace fuzz;
using namespace twinsocket::detail;
using twinsocket::close_code;
using twinsocket::errc;
using twinsocket::message_kind;

namespace {

struct outcome {
  std::vector<octets> messages;
  close_code refused = close_code::normal;
  bool counts_alike =
      true;  // False above ratio_exempt_size, where the check depends on how much compressed data has arrived.
};

/// Inflates the pieces of one connection in sequence.
class peer {
 public:
  peer(const deflate_terms& terms, const inflate_limits& limits)
      : limits_(limits), in_(zlib_engine(6, 8), terms, limits) {}

  /// Returns false if a piece was refused.
  bool take(std::span<const std::byte> bytes, message_kind kind, bool first, bool last) {
    exact_size_copy copy(bytes);
    event piece;
    piece.what = event::type::piece;
    piece.kind = kind;
    piece.first = first;
    piece.last = last;
    piece.compressed = true;
    piece.bytes = copy.bytes();
    if (first) {
      message_.clear();
      began_ = false;
    }
    in_.take(piece);
    bool ended = false;
    while (in_.pending()) {
      const event e = in_.next();
      if (e.what == event::type::violation) {
        expect(!in_.pending(), "nothing is pending after a violation");
        expect(e.why != errc::ok && twinsocket::is_sendable(e.code) && !e.reason.empty(),
               "a violation says with what to close");
        told.refused = e.code;
        return false;
      }
      if (e.what == event::type::more) continue;
      expect(e.kind == kind && !e.compressed, "a piece keeps its kind");
      expect(!ended, "nothing follows the last piece");
      expect(e.first == !std::exchange(began_, true), "the first piece comes first");
      message_.insert(message_.end(), e.bytes.begin(), e.bytes.end());
      expect(message_.size() <= limits_.max_message_size, "no message is over the limit");
      if (message_.size() > ratio_exempt_size) told.counts_alike = false;
      ended = e.last;
    }
    expect(ended == last, "a message ends with its last piece");
    if (last && kind == message_kind::text) expect(is_valid_utf8_reference(message_), "a text message is valid UTF-8");
    if (last) told.messages.push_back(message_);
    return true;
  }

  outcome told;

 private:
  inflate_limits limits_;
  message_inflater in_;
  octets message_;
  bool began_ = false;
};

// Receives arbitrary input: `every` bytes are a message, once in one piece and once in several.
void receive(const deflate_terms& terms, const inflate_limits& limits, message_kind kind, std::size_t every,
             chunk_sizes where, const octets& stream) {
  peer whole(terms, limits);
  peer cut(terms, limits);
  for (std::size_t at = 0; at < stream.size(); at += every) {
    const auto message = std::span(stream).subspan(at, std::min(every, stream.size() - at));
    if (!whole.take(message, kind, true, true)) break;
  }
  for (std::size_t at = 0; at < stream.size(); at += every) {
    auto left = std::span(stream).subspan(at, std::min(every, stream.size() - at));
    bool good = true;
    for (bool first = true; good && (first || !left.empty()); first = false) {
      const std::size_t next = where.next(left.size());
      good = cut.take(left.first(next), kind, first, next == left.size());
      left = left.subspan(next);
    }
    if (!good) break;
  }
  // If there are two violations, the one that is found first depends on how much has arrived.
  if (!whole.told.counts_alike || !cut.told.counts_alike) return;
  expect(whole.told.messages == cut.told.messages, "where a message is cut changes nothing");
  expect((whole.told.refused == close_code::normal) == (cut.told.refused == close_code::normal),
         "what is refused whole is refused in pieces");
}

// Compresses the input and checks that it inflates to the same.
void send(const deflate_terms& terms, int level, int memory_level, std::size_t every, chunk_sizes where,
          const octets& stream) {
  message_deflater out(zlib_engine(level, memory_level), terms);
  peer other(terms, {.max_message_size = stream.size(), .max_ratio = 2000});
  for (std::size_t at = 0; at < stream.size(); at += every) {
    const auto message = std::span(stream).subspan(at, std::min(every, stream.size() - at));
    std::vector<octets> fragments;
    bool compressed = true;
    auto left = message;
    for (bool first = true; first || !left.empty(); first = false) {
      const std::size_t next = every % 2 ? where.next(left.size()) : left.size();
      buffer part;
      const bool made = out.deflate(left.first(next), {.first = first, .last = next == left.size()}, part);
      expect(first || made == compressed, "a message is compressed from its first fragment on, or not at all");
      compressed = made;
      fragments.emplace_back(part.bytes().begin(), part.bytes().end());
      left = left.subspan(next);
    }
    if (!compressed) continue;
    for (std::size_t i = 0; i < fragments.size(); ++i)
      expect(other.take(fragments[i], message_kind::binary, i == 0, i + 1 == fragments.size()),
             "what is compressed here is inflated there");
    expect(std::ranges::equal(other.told.messages.back(), message), "what is inflated is what was compressed");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto flags = input.ConsumeIntegral<unsigned char>();
  const auto settings = input.ConsumeIntegral<unsigned char>();
  const std::size_t every = input.ConsumeIntegral<unsigned short>() + std::size_t{1};
  const chunk_sizes where(input);
  const octets stream = rest_of(input);
  const bool keeps_context = (flags & 2) != 0;
  if (flags & 1) {
    const int bits = 8 + settings % 8;
    send({bits, keeps_context}, 1 + settings / 7 % 9, 1 + settings % 9, every, where, stream);
  } else {
    const std::size_t limits[] = {1u << 16, 1000, 0, 20u << 20};
    receive({8 + settings % 8, keeps_context}, {.max_message_size = limits[flags >> 3 & 3], .max_ratio = settings},
            flags & 4 ? message_kind::text : message_kind::binary, every, where, stream);
  }
  return 0;
}
