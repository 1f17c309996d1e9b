// Two sessions connected by a pipe that cuts, delays, breaks and corrupts the stream. Messages are received in order
// and complete, or the connection ends. It always ends, on both sides.

#include <algorithm>

#include "deflate/zlib_engine.hpp"
#include "fuzz.hpp"
#include "protocol/close_code.hpp"
#include "session/wire_session.hpp"

using namespace fuzz;
using namespace std::chrono_literals;
using namespace twinsocket::detail;
using twinsocket::close_code;
using twinsocket::close_info;
using twinsocket::close_initiator;
using twinsocket::errc;
using twinsocket::message_kind;
using twinsocket::overflow_policy;

namespace {

void no_mask(std::span<std::byte> key) { std::fill(key.begin(), key.end(), std::byte{}); }

struct recorded_message {
  message_kind kind;
  octets bytes;
  bool whole = true;  // False if only a part of it was received, or sent.
};

/// Text and binary messages that differ from each other and that DEFLATE can compress.
octets content(message_kind kind, std::size_t size, unsigned number) {
  std::string text = std::to_string(number) + " ";
  std::string more = number % 3 ? "lorem ipsum " : "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
  if (kind == message_kind::binary) {
    more.clear();
    for (std::uint32_t i = 0, next = number; i < 97; ++i)
      more += static_cast<char>((next = next * 1664525 + 1013904223) >> 24);
  }
  while (text.size() + more.size() <= size) text += more;
  text.resize(size, 'x');
  const auto bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

class side {
 public:
  side(const session_options& options, time_point now)
      : session(options, now), outbound_limit_(options.limits->send_queue_bytes()) {}

  wire_session session;
  std::vector<recorded_message> sent;  // Accepted by the session. The last one may be an incomplete fragmented message.
  std::vector<recorded_message> received;  // Received by this side.
  octets on_the_wire;                      // Written, not yet delivered to the peer.
  bool ended = false;                      // Our direction of the stream ends after on_the_wire.
  bool end_is_read = false;                // The peer's direction has ended.
  bool sends_all = true;                   // No accepted message was dropped.
  std::optional<close_info> closed_first;  // The result of our close, if this side closed first.
  std::optional<close_info> told;          // What the program closed with, as the peer should see it.

  void send(message_kind kind, octets bytes, const twinsocket::send_options& options) {
    const std::uint64_t dropped = session.current_counters().dropped;
    const errc code = session.send({.kind = kind, .bytes = exact_size_copy(bytes).bytes(), .options = &options});
    const bool refused = code == errc::queue_full && options.overflow_policy() != overflow_policy::wait;
    if (session.current_counters().dropped != dropped + refused || code == errc::closed) sends_all = false;
    expect(code != errc::message_too_big || bytes.size() > outbound_limit_, "only a message over the limit is too big");
    if (code == errc::ok) sent.push_back({kind, std::move(bytes)});
    offer_output();
  }

  /// Starts or continues a fragmented message with `size` more bytes of it, or with the rest if `last`.
  void send_fragment(std::size_t size, bool last, bool compress, const recorded_message& next) {
    const bool first = !unsent_;
    recorded_message whole = first ? next : *unsent_;
    size = last ? whole.bytes.size() - sent_size_ : std::min(size, whole.bytes.size() - sent_size_);
    exact_size_copy part(std::span(whole.bytes).subspan(sent_size_, size));
    const errc code = session.send_fragment(whole.kind, part.bytes(), first, last, compress);
    offer_output();
    if (code != errc::ok) return;
    if (first) {
      place_ = sent.size();
      sent.push_back({whole.kind, {}, false});
    }
    unsent_ = whole;
    sent_size_ += size;
    sent[place_].bytes.assign(whole.bytes.begin(), whole.bytes.begin() + static_cast<std::ptrdiff_t>(sent_size_));
    if (!last) return;
    sent[place_].whole = true;
    unsent_.reset();
    sent_size_ = 0;
  }
  void finish_fragments() {
    if (unsent_) send_fragment(0, true, true, {});
  }
  [[nodiscard]] bool in_fragments() const { return unsent_.has_value(); }

  bool write(std::size_t most) {
    const auto out = session.output();
    const std::size_t size = std::min(out.size(), most);
    if (size == 0) return false;
    on_the_wire.insert(on_the_wire.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
    session.on_written(size);
    return true;
  }

  /// Receives what has arrived: whole messages, or pieces of them.
  bool receive(std::size_t most, bool by_pieces) {
    bool any = false;
    for (; most > 0; --most, any = true) {
      if (by_pieces) {
        message_piece piece;
        if (!session.next_piece(piece)) break;
        if (!piece_open_) received.push_back({piece.kind, {}, false});
        recorded_message& message = received.back();
        expect(message.kind == piece.kind, "a message keeps its kind");
        message.bytes.insert(message.bytes.end(), piece.bytes.begin(), piece.bytes.end());
        message.whole = piece.last;
        piece_open_ = !piece.last;
      } else {
        piece_open_ = false;
        twinsocket::message m;
        if (!session.next(m)) break;
        received.push_back({m.kind(), octets(m.bytes().begin(), m.bytes().end())});
      }
    }
    return any;
  }

 private:
  // Like a connection, tries to write as soon as there is much output. Here the network never accepts it at once.
  void offer_output() {
    if (session.output().size() >= 128 * 1024) session.on_written(0);
  }

  std::size_t outbound_limit_;
  std::optional<recorded_message> unsent_;
  std::size_t sent_size_ = 0;
  std::size_t place_ = 0;
  bool piece_open_ = false;
};

class conversation {
 public:
  explicit conversation(FuzzedDataProvider& input)
      : input_(input),
        flags_(input.ConsumeIntegral<unsigned>()),
        sides_{side(make(role::client), start), side(make(role::server), start)} {}

  void run() {
    for (int turns = 0; input_.remaining_bytes() > 0 && turns < 400; ++turns) {
      turn();
      for (const int i : {0, 1}) check(i);
    }
    settle();
    if (undisturbed() && sides_[0].session.is_open() && sides_[1].session.is_open()) {
      for (side& s : sides_) s.finish_fragments();
      settle();
    }
    for (const int i : {0, 1}) compare(i);
    end();
    for (const int i : {0, 1}) compare(i);
    compare_ends();
  }

 private:
  static constexpr time_point start{1h};

  session_options make(role self) {
    twinsocket::limits limits;
    limits.max_message_size(flags_ & 1 ? 5'000 : 1'000'000).max_fragments(flags_ & 2 ? 5 : 65'536);
    limits.receive_queue_bytes(flags_ & 4 ? 300 : 1 << 20)
        .send_queue_bytes(flags_ & 8 ? 2'000 : 1 << 20)
        .send_queue_messages(1'000);
    session_options options{.self = self, .random = no_mask, .limits = limits, .keepalive = {}, .compression = {}};
    if (flags_ & 16) {
      options.compression = {.engine = &zlib_engine(1, 1),
                             .agreed = {.server_no_context_takeover = (flags_ & 32) != 0,
                                        .client_no_context_takeover = (flags_ & 64) != 0,
                                        .server_max_window_bits = flags_ & 128 ? 9 : 15,
                                        .client_max_window_bits = flags_ & 256 ? 8 : 15},
                             .threshold = flags_ & 512 ? 100u : 0u};
    }
    return options;
  }

  std::size_t any_size() {
    const std::size_t size = input_.ConsumeIntegral<unsigned char>();
    return size < 200 ? size : size < 254 ? size * 20 : size * 300;
  }

  void turn() {
    const auto code = input_.ConsumeIntegral<unsigned char>();
    const int which = code & 1;
    side& self = sides_[which];
    switch (code >> 1 & 15) {
      case 0:
      case 1: send(self); break;
      case 2: {
        const auto kind = code & 64 ? message_kind::text : message_kind::binary;
        recorded_message next{kind, {}, true};
        if (!self.in_fragments()) next.bytes = content(kind, any_size(), ++number_);
        self.send_fragment(input_.ConsumeIntegral<unsigned char>() * 8u, (code & 128) != 0, (code & 32) != 0, next);
        break;
      }
      case 3: self.session.ping(); break;
      case 4: close(which); break;
      case 5:
      case 6: self.write(input_.ConsumeBool() ? SIZE_MAX : input_.ConsumeIntegral<unsigned char>()); break;
      case 7:
      case 8:
        self.write(SIZE_MAX);
        deliver(which, SIZE_MAX);
        break;
      case 9:
      case 10: deliver(which, input_.ConsumeIntegral<unsigned char>()); break;
      case 11: self.receive(1 + code / 64, (code & 32) != 0); break;
      case 12: pass(std::chrono::milliseconds(input_.ConsumeIntegral<unsigned short>())); break;
      case 13: burst(self); break;
      case 14:
        if (code & 128) spoil(which);
        break;
      case 15:
        if ((code & 0xe0) == 0xe0) cut(which);
        if ((code & 0xe0) == 0xc0) abort(which);
        break;
    }
  }

  void send(side& self) {
    const auto code = input_.ConsumeIntegral<unsigned char>();
    const auto kind = code & 1 ? message_kind::text : message_kind::binary;
    twinsocket::send_options options;
    options.compress((code & 2) == 0);
    if (flags_ & 1024) {
      options.overflow_policy(static_cast<overflow_policy>(code >> 2 & 7 % 5)).queue_limit(code & 32 ? 500 : SIZE_MAX);
      if (options.overflow_policy() == overflow_policy::latest_per_key) options.key(code & 64 ? "a" : "b");
    }
    self.send(kind, content(kind, any_size(), ++number_), options);
  }

  // The number of messages that are queued for a peer that does not read is limited, however small they are.
  void burst(side& self) {
    if (!(flags_ & 8) || !self.session.is_open() || !self.session.congested()) return;
    const twinsocket::send_options options;
    const std::size_t before = self.sent.size();
    for (int i = 0; i < 2'000; ++i) self.send(message_kind::binary, {}, options);
    expect(self.sent.size() < before + 2'000, "the messages that wait are bounded");
  }

  void close(int which) {
    static constexpr close_code codes[] = {close_code::normal, close_code::no_status, close_code::going_away,
                                           close_code(4999), close_code(3000)};
    const close_code code = input_.PickValueInArray(codes);
    const auto reason =
        content(message_kind::text, code == close_code::no_status ? 0 : input_.ConsumeIntegral<unsigned char>() % 124,
                ++number_);
    side& self = sides_[which];
    if (self.in_fragments()) self.sends_all = false;
    if (self.session.is_open())
      self.told = close_info{code, std::string(text_of(reason)), true, close_initiator::remote};
    self.session.set_time(now_);
    self.session.close(code, std::string(text_of(reason)));
  }

  void deliver(int from, std::size_t most) {
    side& self = sides_[from];
    side& peer = sides_[1 - from];
    octets& bytes = self.on_the_wire;
    const pending_io w = peer.session.next_io();
    if (w.close_stream) {
      bytes.clear();
      return;
    }
    if (!w.read) return;
    const std::size_t size = std::min(bytes.size(), most);
    if (size > 0) {
      exact_size_copy copy(std::span(bytes).first(size));
      bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      peer.session.feed(copy.bytes(), now_);
      if (flags_ & 2048) peer.receive(1 + (flags_ >> 12 & 3), (flags_ & 1 << 14) != 0);
      peer.session.release_input();
    } else if (bytes.empty() && self.ended && !peer.end_is_read) {
      peer.end_is_read = true;
      peer.session.stream_ended();
    }
  }

  void pass(std::chrono::milliseconds time) {
    now_ += time;
    for (side& s : sides_) {
      if (s.session.next_io().wake > now_) continue;
      const bool was_closed = s.session.next_io().close_stream;
      s.session.on_timer(now_);
      if (!was_closed && s.session.next_io().close_stream) disturbed_ = true;
    }
  }

  void spoil(int which) {
    octets& bytes = sides_[which].on_the_wire;
    if (bytes.empty()) return;
    bytes[input_.ConsumeIntegral<unsigned short>() % bytes.size()] ^= std::byte{1} << (flags_ >> 16 & 7);
    disturbed_ = spoilt_ = true;
  }

  void cut(int which) {
    disturbed_ = true;
    sides_[which].on_the_wire.clear();
    sides_[which].ended = true;
    sides_[which].session.stream_failed(twinsocket::error(errc::system));
  }

  void abort(int which) {
    disturbed_ = true;
    sides_[which].session.abort();
  }

  // After each step: checks the invariants, and performs the I/O that the session asks for.
  void check(int which) {
    side& self = sides_[which];
    const pending_io w = self.session.next_io();
    expect(self.session.buffered() < (flags_ & 8 ? 2'000u : 1u << 20) + (512u << 10),
           "what is to be written is bounded");
    expect(is_valid_utf8_reference(bytes_of(self.session.info().reason)), "a reason is UTF-8");
    if (w.close_stream || (w.end && !w.write)) self.ended = true;
    if (!self.closed_first && !self.session.is_open() && self.session.info().initiator == close_initiator::local &&
        !self.session.info().is(close_code::abnormal))
      self.closed_first = self.session.info();
    if (!disturbed_ && self.session.settled()) {
      const errc why = self.session.failure().code();
      expect(why != errc::protocol_violation && why != errc::invalid_utf8 && why != errc::system,
             "our own sessions break no rule in each other's eyes");
    }
  }

  [[nodiscard]] bool undisturbed() const { return !disturbed_; }

  // Delivers everything that can be delivered without time passing.
  void settle() {
    for (int steps = 0; steps < 20'000; ++steps) {
      bool moved = false;
      for (const int i : {0, 1}) {
        const std::size_t before = sides_[i].on_the_wire.size();
        const bool end_was_read = sides_[1 - i].end_is_read;
        moved |= sides_[i].write(SIZE_MAX);
        deliver(i, SIZE_MAX);
        moved |= sides_[i].on_the_wire.size() != before || sides_[1 - i].end_is_read != end_was_read;
        moved |= sides_[1 - i].receive(SIZE_MAX, (flags_ & 1 << 15) != 0);
      }
      for (const int i : {0, 1}) check(i);
      if (!moved) return;
    }
    expect(false, "a conversation comes to rest");
  }

  void end() {
    sides_[flags_ >> 19 & 1].session.set_time(now_);
    if (sides_[0].session.is_open() && sides_[1].session.is_open()) {
      side& first = sides_[flags_ >> 19 & 1];
      if (first.in_fragments()) first.sends_all = false;
      first.told = close_info{close_code::normal, "the end", true, close_initiator::remote};
      first.session.close(close_code::normal, "the end");
    }
    for (int steps = 0; steps < 50; ++steps) {
      settle();
      if (sides_[0].session.next_io().close_stream && sides_[1].session.next_io().close_stream) return;
      const time_point wake = std::min(sides_[0].session.next_io().wake, sides_[1].session.next_io().wake);
      expect(wake != time_point::max(), "who waits has a time limit");
      pass(std::max(std::chrono::ceil<std::chrono::milliseconds>(wake - now_), 0ms));
    }
    expect(false, "a conversation ends");
  }

  // Compares the messages that one side sent with those that the other received.
  void compare(int from) const {
    if (spoilt_) return;
    const std::vector<recorded_message>& sent = sides_[from].sent;
    const std::vector<recorded_message>& received = sides_[1 - from].received;
    std::size_t at = 0;
    for (const recorded_message& r : received) {
      const auto is_it = [&](const recorded_message& s) {
        return s.kind == r.kind &&
               (r.whole
                    ? s.whole && s.bytes == r.bytes
                    : std::ranges::equal(r.bytes, std::span(s.bytes).first(std::min(s.bytes.size(), r.bytes.size()))));
      };
      // An overflow policy may have dropped some. Otherwise none may be missing.
      while (!sides_[from].sends_all && at < sent.size() && !is_it(sent[at])) ++at;
      expect(at < sent.size() && is_it(sent[at]), "what was received was sent, in this order");
      ++at;
    }
    const bool open = sides_[0].session.is_open() && sides_[1].session.is_open();
    const bool closed_by_sender =
        sides_[from].session.info() == close_info{sides_[from].session.info().code, sides_[from].session.info().reason,
                                                  true, close_initiator::local} &&
        sides_[1 - from].session.info().initiator == close_initiator::remote;
    if (undisturbed() && sides_[from].sends_all && !sides_[from].in_fragments() && (open || closed_by_sender))
      expect(at == sent.size(), "what was sent was received");
  }

  void compare_ends() const {
    if (spoilt_) return;
    for (const int i : {0, 1}) {
      const close_info& here = sides_[i].session.info();
      const close_info& there = sides_[1 - i].session.info();
      if (here.initiator == close_initiator::remote && here.clean) {
        // A session that has closed may still fail over what it had not read yet. Its result is the failure then.
        const auto& first = sides_[1 - i].told ? sides_[1 - i].told : sides_[1 - i].closed_first;
        const bool closed_by_itself = here.is(close_code::try_again_later) || here.is(close_code::going_away);
        expect(first && ((first->code == here.code && first->reason == here.reason) ||
                         (!sides_[1 - i].told && closed_by_itself && sides_[1 - i].session.failure() != errc::closed)),
               "a peer's close is what it closed with");
      }
      if (here.clean && there.clean) {
        expect(here.initiator != close_initiator::none &&
                   (here.initiator != there.initiator || here.initiator == close_initiator::local),
               "one of both has closed, or both");
        if (here.initiator != there.initiator)
          expect(here.code == there.code && here.reason == there.reason, "both know the same end");
      }
      if (undisturbed())
        expect(here.clean || sides_[0].session.failure() != errc::closed || sides_[1].session.failure() != errc::closed,
               "an undisturbed conversation ends cleanly");
    }
  }

  FuzzedDataProvider& input_;
  unsigned flags_;
  time_point now_ = start;
  side sides_[2];
  unsigned number_ = 0;
  bool disturbed_ = false;  // The stream was broken or cut, or a timeout expired.
  bool spoilt_ = false;     // Bytes were changed in transit.
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  conversation(input).run();
  return 0;
}
