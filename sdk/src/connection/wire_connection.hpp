#pragma once

// A connection over a byte stream: executes what wire_session asks for on a transport, and passes the transport's events
// to the session.

#include <memory>
#include <string>

#include "connection/connection_state.hpp"
#include "session/wire_session.hpp"

namespace twinsocket::detail {

/// The byte stream below a connection: TCP, TLS or memory. Single-threaded. close_stream() is called exactly once, as the last
/// call; until then the transport keeps the connection alive, and afterwards it must not call it.
class byte_transport {
 public:
  /// Writes as many bytes as the network accepts now and returns their number. If that is not all, the transport calls
  /// on_writable() once there is room.
  [[nodiscard]] virtual std::size_t write(std::span<const std::byte> bytes) = 0;
  /// Writes `head`, then `body`, as write() does. Cheaper than one write of a copy of both if gathers() is true.
  [[nodiscard]] virtual std::size_t write(std::span<const std::byte> head, std::span<const std::byte> body) {
    const std::size_t taken = write(head);
    return taken < head.size() ? taken : taken + write(body);
  }
  [[nodiscard]] virtual bool gathers() const noexcept { return false; }
  /// Starts or stops reading. While reading, the transport calls on_bytes().
  virtual void read(bool wanted) = 0;
  /// Half-closes the stream: ends this side's direction. Reading continues.
  virtual void end() = 0;
  virtual void close_stream() = 0;
  /// The event loop ends: the last chance to close the stream.
  virtual void release_loop() { close_stream(); }
  [[nodiscard]] virtual std::string remote_address() const { return {}; }
  [[nodiscard]] virtual std::string local_address() const { return {}; }

 protected:
  ~byte_transport() = default;
};

class wire_connection final : public connection_state, private flushable, private timer {
 public:
  wire_connection(loop& own_loop, const session_options& options, std::string subprotocol);

  /// Starts reading from the transport, which must live until close_stream() is called.
  void start(byte_transport& transport);

  // Events of the transport.
  void on_bytes(std::span<std::byte> bytes);
  void on_stream_end();
  void on_stream_error(error why);
  void on_writable();
  /// Memory ran out in work for this connection: closes with 1011.
  void ran_out_of_memory() noexcept;
  /// Sets the peer's address if it is not the transport's, for example behind a proxy.
  void set_remote_address(std::string address) {
    remote_address_ = std::make_unique<const std::string>(std::move(address));
  }

  // Operations that only a byte stream supports.
  [[nodiscard]] bool next_piece(message_piece& out);
  [[nodiscard]] errc push_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                   bool compress);
  std::uint64_t push_ping(std::span<const std::byte> payload);
  [[nodiscard]] control_hooks& hooks() { return session_.hooks(); }
  /// True once the stream is closed. Only the counters are valid then. Watchers are notified.
  [[nodiscard]] bool is_stream_closed() const noexcept { return stream_closed_; }
  [[nodiscard]] std::uint64_t last_answered_ping() const noexcept { return session_.last_answered_ping(); }

  [[nodiscard]] bool is_open() const noexcept override { return session_.is_open(); }
  [[nodiscard]] bool settled() const noexcept override { return session_.settled(); }
  [[nodiscard]] close_info info() const override { return session_.info(); }
  /// info() without a copy, which would allocate.
  [[nodiscard]] const close_info& session_info() const noexcept { return session_.info(); }
  [[nodiscard]] error failure() const override { return session_.failure(); }
  [[nodiscard]] std::size_t buffered() const noexcept override { return session_.buffered(); }
  void probe(bool replaced) override;
  [[nodiscard]] twinsocket::counters current_counters() const noexcept override { return session_.current_counters(); }
  [[nodiscard]] limits current_limits() const override { return session_.current_limits(); }
  [[nodiscard]] std::string remote_address() const override;
  [[nodiscard]] std::string local_address() const override;
  [[nodiscard]] std::optional<frame_encoding> encoding() const override { return session_.encoding(); }

 private:
  bool next(message& out) override;
  bool resume_reading(bool found);
  errc push(const send_request& m) override;
  bool push_at_once(message_kind kind, std::span<const std::byte> bytes, bool known_utf8) override;
  bool push_frames(const frame_block& block, std::size_t limit, bool at_once) override;
  [[nodiscard]] bool congested() const noexcept override { return session_.congested(); }
  void apply_limits(const limits& values) override;
  void begin_close(close_code code, std::string reason) override;
  void close_stream() override;
  void release_loop() override;
  void flush() override;
  void flush_now();
  template <class F>
  void guarded(F&& function) noexcept;
  void on_timer(time_point now) override;

  void schedule_write();
  void write_out();
  [[nodiscard]] bool writes_directly(const send_request& m) const;
  [[nodiscard]] errc write_directly(const send_request& m);
  void apply_pending_io();

  byte_transport* transport_ = nullptr;
  bool started_ = false;
  bool early_end_ = false;      // The stream ended after early_input_.
  bool in_feed_ = false;        // The session reads from the transport's memory.
  bool write_blocked_ = false;  // The network accepts no more bytes for now.
  bool reading_ = false;        // The last argument of transport_->read().
  bool end_requested_ = false;
  bool stream_closed_ = false;
  bool released_ = false;
  bool out_of_memory_ = false;
  bool wrote_directly_ = false;  // A large message was written in this turn.
  wire_session session_;
  // Bytes that arrive together with the opening handshake are held back until the end of the turn. The new owner of the
  // connection can then already be receiving, and can respond to messages before a close or a violation behind them ends
  // the connection.
  std::unique_ptr<buffer> early_input_;
  std::unique_ptr<const std::string> remote_address_;
};

}  // namespace twinsocket::detail
