#include "twinsocket/pair.hpp"

#include <algorithm>
#include <memory>

#include "connection/wire_connection.hpp"
#include "loop.hpp"

namespace twinsocket {

namespace detail {

namespace {

// One end of the pipe. Bytes that the other end writes are buffered here until the loop's next turn.
class pipe_end final : public byte_transport, public std::enable_shared_from_this<pipe_end> {
 public:
  pipe_end(loop& own_loop, std::shared_ptr<wire_connection> connection, std::size_t capacity)
      : own_loop_(own_loop), connection_(std::move(connection)), capacity_(capacity) {}

  void join(std::shared_ptr<pipe_end> peer) {
    self_ = shared_from_this();
    peer_ = std::move(peer);
    connection_->start(*this);
  }

  std::size_t write(std::span<const std::byte> bytes) override {
    // Bytes written to a closed end are lost, as on a network.
    if (!peer_) return bytes.size();
    const std::size_t count = std::min(bytes.size(), capacity_ - std::min(capacity_, peer_->incoming_.size()));
    peer_->incoming_.append(bytes.first(count));
    peer_->schedule_pump();
    write_blocked_ = count < bytes.size();
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
    const auto self = std::move(self_);
    if (peer_) peer_->peer_.reset();
    peer_.reset();
    connection_.reset();
  }

 private:
  void schedule_pump() {
    if (std::exchange(scheduled_, true)) return;
    own_loop_.post([self = shared_from_this()] { self->pump(); });
  }

  void pump() {
    scheduled_ = false;
    if (!reading_ || !connection_) return;
    if (!incoming_.empty()) {
      buffer input = std::move(incoming_);
      connection_->on_bytes(input.bytes());
    }
    if (peer_ && std::exchange(peer_->write_blocked_, false)) peer_->connection_->on_writable();
    if (incoming_.empty() && ending_ && connection_) {
      reading_ = false;
      connection_->on_stream_end();
    }
  }

  loop& own_loop_;
  std::shared_ptr<wire_connection> connection_;
  std::size_t capacity_;
  std::shared_ptr<pipe_end> self_;  // Keeps itself alive until close_stream().
  std::shared_ptr<pipe_end> peer_;
  buffer incoming_;
  bool reading_ = false;
  bool ending_ = false;
  bool scheduled_ = false;
  bool write_blocked_ = false;
};

// Masking keys only have to vary in memory; they need not be unpredictable.
void pseudo_random_bytes(std::span<std::byte> out) {
  static thread_local std::uint32_t state = 1;
  for (std::byte& b : out) {
    state = state * 1'664'525 + 1'013'904'223;
    b = static_cast<std::byte>(state >> 24);
  }
}

}  // namespace

}  // namespace detail

connection_pair make_connection_pair(const pair_options& options) {
  detail::loop& own_loop = detail::loop::require_current();
  const auto make = [&](detail::role self) {
    const detail::session_options session{.self = self,
                                          .random = detail::pseudo_random_bytes,
                                          .limits = options.limits(),
                                          .keepalive = options.keepalive(),
                                          .heartbeats = options.heartbeats() && self == detail::role::server};
    return std::make_shared<detail::wire_connection>(own_loop, session, options.subprotocol());
  };
  auto client = make(detail::role::client);
  auto server = make(detail::role::server);
  auto client_end = std::make_shared<detail::pipe_end>(own_loop, client, options.capacity());
  auto server_end = std::make_shared<detail::pipe_end>(own_loop, server, options.capacity());
  client_end->join(server_end);
  server_end->join(client_end);
  return {connection(std::move(client)), connection(std::move(server))};
}

}  // namespace twinsocket
