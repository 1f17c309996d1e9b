#pragma once

// A byte stream between two connections with injected faults: it cuts the data into chunks of any size, delays, breaks,
// ends, or goes silent. It never reorders. It is independent of the pipe of make_connection_pair(), so that code is not
// tested with itself.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "connection/wire_connection.hpp"
#include "loop.hpp"
#include "twinsocket/detail/timer.hpp"

struct fault_plan {
  enum class fault : std::uint8_t {
    none,
    breaks,    ///< Both ends get a stream error.
    resets,    ///< The end of the failing operation gets a stream error, the other sees the stream end.
    ends,      ///< Both ends see the stream end.
    vanishes,  ///< No error is reported. All bytes written from now on are lost.
  };

  std::size_t write_at_most = SIZE_MAX;  ///< Maximum bytes per write.
  std::size_t read_at_most = SIZE_MAX;   ///< Maximum bytes per read.
  std::size_t capacity = 64 * 1024;      ///< Bytes in transit before a write has to wait.
  std::size_t delayed = 0;  ///< The operation that takes `delay`, counted over both ends from 1; 0 for none.
  std::chrono::milliseconds delay{0};
  std::size_t failing = 0;  ///< The operation at which `what` happens; 0 for none.
  fault what = fault::none;
};

class fault_pipe {
 public:
  /// Joins two connections of one event loop. The loop must outlive the pipe's last event.
  static void join(twinsocket::detail::loop& own_loop, const fault_plan& plan,
                   std::shared_ptr<twinsocket::detail::wire_connection> first,
                   std::shared_ptr<twinsocket::detail::wire_connection> second) {
    const auto shared = std::make_shared<state>(state{plan});
    const auto a = std::make_shared<pipe_end>(own_loop, shared, std::move(first));
    const auto b = std::make_shared<pipe_end>(own_loop, shared, std::move(second));
    a->start(b);
    b->start(a);
  }

  /// The number of pipe ends that are not cut.
  static inline int open_ends = 0;

 private:
  using fault = fault_plan::fault;

  struct state {
    fault_plan plan;
    std::size_t operations = 0;
    fault happened = fault::none;
  };

  class pipe_end final : public twinsocket::detail::byte_transport,
                         public std::enable_shared_from_this<pipe_end>,
                         private twinsocket::detail::timer {
   public:
    pipe_end(twinsocket::detail::loop& own_loop, std::shared_ptr<state> pipe,
             std::shared_ptr<twinsocket::detail::wire_connection> connection)
        : own_loop_(own_loop), pipe_(std::move(pipe)), connection_(std::move(connection)) {
      ++open_ends;
    }
    ~pipe_end() override { --open_ends; }

    void start(std::shared_ptr<pipe_end> peer) {
      self_ = shared_from_this();
      peer_ = std::move(peer);
      connection_->start(*this);
    }

    std::size_t write(std::span<const std::byte> bytes) override {
      operate();
      if (!peer_ || pipe_->happened != fault::none) return bytes.size();
      const std::size_t under_way = peer_->incoming_.size();
      const std::size_t room = pipe_->plan.capacity - std::min(pipe_->plan.capacity, under_way);
      const std::size_t count = std::min({bytes.size(), pipe_->plan.write_at_most, room});
      peer_->incoming_.append(bytes.first(count));
      peer_->schedule_pump();
      if (count < bytes.size()) waits_for_room_ = true;
      return count;
    }

    void read(bool wanted) override {
      reading_ = wanted;
      if (reading_) schedule_pump();
    }

    void end() override {
      if (!peer_) return;
      peer_->ending_ = true;
      peer_->schedule_pump();
    }

    void close_stream() override {
      end();
      if (peer_) peer_->peer_.reset();
      peer_.reset();
      connection_.reset();
      if (armed()) unlink();
      own_loop_.post([self = std::move(self_)] {});
    }

   private:
    // Counts an operation. Returns true if it is the delayed one.
    bool operate() {
      const std::size_t number = ++pipe_->operations;
      if (number == pipe_->plan.failing && pipe_->plan.what != fault::none) {
        pipe_->happened = pipe_->plan.what;
        own_loop_.post([self = shared_from_this(), peer = peer_] {
          self->suffer(self->pipe_->happened != fault::ends);
          if (peer) peer->suffer(self->pipe_->happened == fault::breaks);
        });
      }
      return number == pipe_->plan.delayed;
    }

    void suffer(bool broken) {
      if (!connection_ || pipe_->happened == fault::vanishes) return;
      if (broken) {
        connection_->on_stream_error(twinsocket::error(twinsocket::errc::system, "the pipe broke"));
      } else {
        ending_ = true;
        schedule_pump();
      }
    }

    void schedule_pump() {
      if (std::exchange(scheduled_, true)) return;
      own_loop_.post([self = shared_from_this()] {
        if (!self->operate()) {
          self->pump();
        } else if (self->connection_) {
          self->own_loop_.arm(*self, self->own_loop_.now() + self->pipe_->plan.delay);
        }
      });
    }

    void on_timer(twinsocket::detail::time_point) override {
      const auto self = shared_from_this();
      pump();
    }

    void pump() {
      scheduled_ = false;
      if (!reading_ || !connection_) return;
      if (!incoming_.empty() && pipe_->happened != fault::vanishes) {
        const std::size_t count = std::min(incoming_.size(), pipe_->plan.read_at_most);
        twinsocket::detail::buffer input(incoming_.bytes().first(count));
        twinsocket::detail::buffer rest(incoming_.bytes().subspan(count));
        incoming_ = std::move(rest);
        connection_->on_bytes(input.bytes());
        if (!incoming_.empty()) schedule_pump();
      }
      if (peer_ && std::exchange(peer_->waits_for_room_, false)) peer_->connection_->on_writable();
      if (incoming_.empty() && ending_ && connection_ && reading_) {
        reading_ = false;
        connection_->on_stream_end();
      }
    }

    twinsocket::detail::loop& own_loop_;
    std::shared_ptr<state> pipe_;
    std::shared_ptr<twinsocket::detail::wire_connection> connection_;
    std::shared_ptr<pipe_end> self_;  // Until it is cut.
    std::shared_ptr<pipe_end> peer_;
    twinsocket::detail::buffer incoming_;
    bool reading_ = false;
    bool ending_ = false;
    bool scheduled_ = false;
    bool waits_for_room_ = false;
  };
};
