// The frame reader in both roles: its events conform to RFC 6455 for any input, and do not depend on where the input is
// cut.

#include <algorithm>

#include "fuzz.hpp"
#include "protocol/wire.hpp"
#include "protocol/writer.hpp"

using namespace fuzz;
using wire::recorded_event;
using namespace twinsocket::detail;
using twinsocket::close_code;
using twinsocket::errc;
using twinsocket::message_kind;

namespace {

void no_mask(std::span<std::byte> key) { std::fill(key.begin(), key.end(), std::byte{}); }

void check(const std::vector<recorded_event>& events, const reader_options& options) {
  bool in_message = false;
  octets text;
  std::size_t size = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const recorded_event& t = events[i];
    const bool final = t.what == event::type::close || t.what == event::type::violation;
    expect(!final || i + 1 == events.size(), "nothing is told after a close or a violation");
    expect(t.reason.size() <= twinsocket::max_close_reason, "a reason fits into a close frame");
    expect(is_valid_utf8_reference(bytes_of(t.reason)), "a reason is valid UTF-8");
    switch (t.what) {
      case event::type::more: expect(false, "more is no event"); break;
      case event::type::ping:
      case event::type::pong:
        expect(t.bytes.size() <= max_control_payload, "a control frame has at most 125 bytes");
        break;
      case event::type::close:
        expect(t.code == close_code::no_status ? t.reason.empty() : twinsocket::is_sendable(t.code),
               "a close code may be sent");
        break;
      case event::type::violation:
        expect(!t.reason.empty() && twinsocket::is_sendable(t.code), "a violation says with what to close");
        expect(t.why != errc::ok, "a violation is an error");
        break;
      case event::type::piece:
        expect(t.first != in_message, "pieces of a message follow each other");
        expect(options.allow_compressed || !t.compressed, "nothing is compressed unless that was agreed on");
        if (t.first) size = 0, text.clear();
        size += t.bytes.size();
        if (!t.compressed) expect(size <= options.limits->max_message_size(), "no message is over the limit");
        if (t.kind == message_kind::text && !t.compressed) {
          text.insert(text.end(), t.bytes.begin(), t.bytes.end());
          if (t.last) expect(is_valid_utf8_reference(text), "a text message is valid UTF-8");
        }
        in_message = !t.last;
    }
  }
}

// If input is cut, the reader reports the bytes before an invalid one; with uncut input it does not. Removes such a
// piece.
std::vector<recorded_event> settled(std::vector<recorded_event> events) {
  events = wire::merge_pieces(std::move(events));
  if (events.size() < 2 || events.back().what != event::type::violation) return events;
  const auto last = events.end() - 2;
  if (last->what == event::type::piece && !last->last) events.erase(last);
  return events;
}

/// Reads with take_message() wherever that takes a message.
std::vector<recorded_event> read_by_messages(reader from, std::span<const std::byte> stream) {
  exact_size_copy copy(stream);
  std::span<std::byte> input = copy.bytes();
  std::vector<recorded_event> events;
  for (;;) {
    twinsocket::message taken;
    if (from.take_message(input, taken)) {
      events.push_back(wire::piece(taken.kind(), octets(taken.bytes().begin(), taken.bytes().end())));
      continue;
    }
    const event e = from.next(input);
    if (e.what == event::type::more) return events;
    events.push_back({e.what, octets(e.bytes.begin(), e.bytes.end()), e.kind, e.first, e.last, e.compressed, e.why,
                      e.code, std::string(e.reason)});
  }
}

/// The events as frames, encoded by the writer.
octets written(const std::vector<recorded_event>& events, role sender) {
  writer out(sender, no_mask);
  buffer bytes;
  for (const recorded_event& t : events) {
    if (t.what == event::type::piece) out.fragment(bytes, t.kind, t.bytes, t.first, t.last, t.compressed);
    if (t.what == event::type::ping) out.ping(bytes, t.bytes);
    if (t.what == event::type::pong) out.pong(bytes, t.bytes);
    if (t.what == event::type::close) out.close(bytes, t.code, t.reason);
  }
  return {bytes.bytes().begin(), bytes.bytes().end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto flags = input.ConsumeIntegral<unsigned char>();
  const reader_options options{.self = flags & 1 ? role::server : role::client,
                               .limits = twinsocket::limits()
                                             .max_message_size(flags & 4 ? 300u : 1u << 20)
                                             .max_fragments(flags & 8 ? 3u : 1000u)
                                             .max_frame_size(flags & 16 ? 200u : 1u << 20),
                               .allow_compressed = (flags & 2) != 0};
  chunk_sizes where(input);
  const octets stream = rest_of(input);

  const std::vector<recorded_event> whole = wire::read_all(reader(options), stream);
  check(whole, options);

  expect(read_by_messages(reader(options), stream) == whole, "take_message() takes what next() would return");

  std::vector<recorded_event> cut;
  reader in_pieces(options);
  for (std::span<const std::byte> left(stream); !left.empty();) {
    const std::size_t next = where.next(left.size());
    wire::feed_reader(in_pieces, left.first(next), cut);
    left = left.subspan(next);
  }
  check(cut, options);
  expect(settled(cut) == settled(whole), "where the input is cut changes nothing");

  if (!whole.empty() && whole.back().what == event::type::violation) return 0;
  reader_options any = options;
  any.limits = twinsocket::limits(*options.limits).max_fragments(1u << 20);
  const role sender = options.self == role::server ? role::client : role::server;
  expect(wire::merge_pieces(wire::read_all(reader(any), written(whole, sender))) == wire::merge_pieces(whole),
         "what is written again reads the same");
  return 0;
}
