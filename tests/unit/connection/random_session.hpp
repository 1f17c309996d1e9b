#pragma once

// Two connections that talk over a pipe with injected faults, all determined by a seed. Checks the invariants of every
// conversation.

#include <chrono>
#include <optional>
#include <random>
#include <string>

#include "connection/fault_pipe.hpp"
#include "manual_loop.hpp"
#include "session/compression.hpp"
#include "twinsocket/connection.hpp"

class random_session {
 public:
  explicit random_session(std::uint32_t seed, const twinsocket::detail::compression_setup& compression = {})
      : random_(seed) {
    using namespace twinsocket;
    using namespace std::chrono_literals;
    plan_.write_at_most = one_of({1, 7, 1'000, SIZE_MAX});
    plan_.read_at_most = one_of({1, 5, 300, SIZE_MAX});
    plan_.capacity = one_of({100, 4'096, 65'536});
    if (chance(3)) plan_ = {.capacity = 65'536};
    if (chance(3)) {
      plan_.delayed = 1 + up_to(40);
      plan_.delay = std::chrono::milliseconds(up_to(3'000));
    }
    if (chance(2)) {
      plan_.failing = 1 + up_to(chance(2) ? 20 : 200);
      plan_.what = static_cast<fault_plan::fault>(1 + up_to(3));
    }
    limits_.close_timeout(5s).idle_timeout(60s).receive_queue_bytes(one_of({500, 20'000, 1'000'000}));
    limits_.send_queue_bytes(one_of({10'000, 1'000'000}));
    // A pipe with small chunks gets small messages, because a session would take too long otherwise.
    const bool narrow = plan_.write_at_most < 1'000 || plan_.read_at_most < 300;
    for (side* s : {&client_, &server_}) {
      s->seed = random_();
      s->messages = up_to(12);
      s->largest = narrow ? one_of({0, 100, 300}) : one_of({0, 130, 9'000});
      s->end = static_cast<ending>(up_to(3));
      s->pauses = chance(3);
      s->deaf = chance(8);
      s->impatient = chance(3);
    }
    start(compression);
  }

  /// Runs the session. Returns the violated invariant, or "" if there is none.
  [[nodiscard]] std::string run() {
    const std::string wrong = converse();
    client_.socket->abort();
    server_.socket->abort();
    loop_.advance(std::chrono::minutes(5));
    client_.socket.reset();
    server_.socket.reset();
    loop_.advance(std::chrono::seconds(10));
    return wrong.empty() && fault_pipe::open_ends != 0 ? "something of the connections is left" : wrong;
  }

 private:
  [[nodiscard]] std::string converse() {
    loop_.advance(std::chrono::minutes(5));
    for (const side* s : {&client_, &server_}) {
      const std::string who = s == &client_ ? "client: " : "server: ";
      if (!s->wrong.empty()) return who + s->wrong;
      if (!s->info) return who + "it never ended";
      if (!s->heard_the_end && !s->deaf) return who + "its receiver never heard of the end";
      if (s->ended_at - begun_ > std::chrono::seconds(120)) return who + "it ended too late";
    }
    return compare();
  }

  enum class ending : std::uint8_t { closes, closes_with_a_reason, aborts, stays };

  struct side {
    std::optional<twinsocket::connection> socket;
    std::uint32_t seed = 0;
    std::size_t messages = 0;
    std::size_t largest = 0;
    ending end = ending::stays;
    bool pauses = false;
    bool deaf = false;       // Never receives.
    bool impatient = false;  // Receives with timeouts and cancels.
    // The results.
    std::size_t sent = 0;
    std::size_t received = 0;
    bool heard_the_end = false;
    std::optional<twinsocket::close_info> info;
    twinsocket::detail::time_point ended_at;
    std::string wrong;
  };

  std::size_t up_to(std::size_t n) { return random_() % (n + 1); }
  bool chance(std::size_t one_in) { return up_to(one_in - 1) == 0; }
  std::size_t one_of(std::initializer_list<std::size_t> values) { return values.begin()[up_to(values.size() - 1)]; }

  // The n-th message that a side sends. The other side can compute it too.
  static twinsocket::message message_of(const side& from, std::size_t number) {
    std::minstd_rand random(from.seed + static_cast<std::uint32_t>(number));
    const std::size_t size = from.largest == 0 ? 0 : random() % from.largest;
    std::string text = std::to_string(number) + " ";
    text.append(size, static_cast<char>('a' + random() % 26));
    twinsocket::message made(text);
    if (random() % 2 == 0) return made;
    return twinsocket::message(twinsocket::message_kind::binary, twinsocket::detail::buffer(made.bytes()));
  }

  static void counting(std::span<std::byte> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::byte>(i * 37 + 1);
  }

  void start(const twinsocket::detail::compression_setup& compression) {
    begun_ = loop_.time();
    loop_.run([](random_session& all, const auto& setup) -> twinsocket::task<void> {
      const auto make = [&](twinsocket::detail::role self) {
        using namespace std::chrono_literals;
        return std::make_shared<twinsocket::detail::wire_connection>(
            all.loop_,
            twinsocket::detail::session_options{.self = self,
                                                .random = counting,
                                                .limits = all.limits_,
                                                .keepalive = twinsocket::keepalive().interval(10s).timeout(5s),
                                                .compression = setup},
            "");
      };
      auto client = make(twinsocket::detail::role::client);
      auto server = make(twinsocket::detail::role::server);
      fault_pipe::join(all.loop_, all.plan_, client, server);
      all.client_.socket.emplace(std::move(client));
      all.server_.socket.emplace(std::move(server));
      twinsocket::spawn(speak(all, all.client_));
      twinsocket::spawn(speak(all, all.server_));
      if (!all.client_.deaf) twinsocket::spawn(listen(all, all.client_, all.server_));
      if (!all.server_.deaf) twinsocket::spawn(listen(all, all.server_, all.client_));
      co_return;
    }(*this, compression));
  }

  static twinsocket::task<void> speak(random_session& all, side& self) {
    using namespace std::chrono_literals;
    twinsocket::connection& socket = *self.socket;
    std::minstd_rand random(self.seed);
    for (std::size_t i = 0; i < self.messages; ++i) {
      if (self.pauses && random() % 2 == 0) co_await twinsocket::sleep_for(std::chrono::milliseconds(random() % 200));
      const twinsocket::message next = message_of(self, self.sent);
      const bool waits = random() % 4 != 0;
      twinsocket::send_result sent(twinsocket::send_status::refused);
      if (waits) {
        sent = co_await socket.send(next);
      } else {
        sent = socket.try_send(next);
      }
      if (sent) {
        ++self.sent;
      } else if (sent.error() == twinsocket::errc::queue_full) {
        if (waits) self.wrong = "a send that waits was refused: " + sent.error().message();
      } else if (!socket.is_open()) {
        break;
      } else if (sent.error() != twinsocket::errc::message_too_big) {
        self.wrong = sent.error().message();
      }
    }
    if (self.end == ending::closes) socket.close();
    if (self.end == ending::closes_with_a_reason) socket.close(static_cast<twinsocket::close_code>(4001), "enough");
    if (self.end == ending::aborts) socket.abort();
    self.info = co_await socket.closed();
    self.ended_at = all.loop_.time();
  }

  static twinsocket::task<void> listen(random_session& all, side& self, const side& peer) {
    using namespace std::chrono_literals;
    twinsocket::connection& socket = *self.socket;
    std::minstd_rand random(self.seed ^ 1);
    for (;;) {
      if (self.pauses && random() % 3 == 0) co_await twinsocket::sleep_for(std::chrono::milliseconds(random() % 300));
      const auto limit = std::chrono::milliseconds(self.impatient ? random() % 50 : 600'000);
      const auto next = co_await socket.receive(twinsocket::receive_options().timeout(limit));
      if (!next && next.error() == twinsocket::errc::timed_out && !self.info) {
        if (self.impatient && all.loop_.time() - all.begun_ < 200s) continue;
      }
      if (!next) break;
      const twinsocket::message expected = message_of(peer, self.received++);
      if (next->kind() != expected.kind() || next->text() != expected.text())
        self.wrong.assign("message ").append(std::to_string(self.received - 1)).append(" is not the one that was sent");
    }
    self.heard_the_end = true;
  }

  [[nodiscard]] std::string compare() const {
    using twinsocket::close_initiator;
    for (const auto& [self, peer] : {std::pair(&client_, &server_), std::pair(&server_, &client_)}) {
      const std::string who = self == &client_ ? "client: " : "server: ";
      // A side that has closed drops what exceeds its queue. A side that was closed by the peer receives everything.
      const bool holds_all =
          self->info->initiator == close_initiator::remote || limits_.receive_queue_bytes() >= 1'000'000;
      if (self->received > peer->sent) return who + "it received what was not sent";
      if (self->info->clean && peer->info->clean && !self->deaf && holds_all && self->received != peer->sent)
        return who + "of " + std::to_string(peer->sent) + " messages came " + std::to_string(self->received);
      if (self->info->initiator == close_initiator::remote) {
        if (!self->info->clean) return who + "closed by the peer, and not clean";
        if (peer->info->clean && (peer->info->code != self->info->code || peer->info->reason != self->info->reason))
          return who + "the two sides tell different ends";
      }
    }
    return "";
  }

  std::mt19937 random_;
  fault_plan plan_;
  twinsocket::limits limits_;
  side client_;
  side server_;
  manual_loop loop_;
  manual_loop::time_point begun_;
};
