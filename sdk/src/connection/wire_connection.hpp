#pragma once

// A connection on a stream of bytes: carries the wire_session's wishes to a transport, and the transport's events in.

#include <memory>
#include <string>

#include "connection/connection_state.hpp"
#include "session/wire_session.hpp"

namespace twinsocket::detail {

/// The stream below a connection: TCP, TLS, or memory. All on one thread. It is told to cut exactly once, as the last
/// thing, and calls nothing of the connection's after that.
class byte_transport {
 public:
  /// Takes as many bytes as the network does now. When that is not all, it calls writable() once there is room.
  [[nodiscard]] virtual std::size_t write(std::span<const std::byte> bytes) = 0;
  /// From now on brings what comes, or does not.
  virtual void read(bool wanted) = 0;
  /// Ends our direction of the stream; reading goes on.
  virtual void end() = 0;
  virtual void cut() = 0;
  /// The event loop ends: it is the last moment to cut.
  virtual void lose_loop() { cut(); }
  [[nodiscard]] virtual std::string remote_address() const { return {}; }
  [[nodiscard]] virtual std::string local_address() const { return {}; }

 protected:
  ~byte_transport() = default;
};

class wire_connection final : public connection_state, private flushable, private timer {
 public:
  wire_connection(loop& home, const session_options& options, std::string subprotocol);

  /// Begins: the transport is told to read. It must live until it is told to cut.
  void start(byte_transport& transport);

  // The transport's events.
  void arrived(std::span<std::byte> bytes);
  void ended();
  void broke(error why);
  void writable();
  /// The peer's address, where another one than the transport's is known.
  void set_remote_address(std::string address) {
    remote_address_ = std::make_unique<const std::string>(std::move(address));
  }

  // What only a stream of bytes can do.
  [[nodiscard]] bool next_piece(message_piece& out);
  [[nodiscard]] errc push_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                   bool compress);
  std::uint64_t push_ping(std::span<const std::byte> payload);
  [[nodiscard]] control_hooks& hooks() { return session_.hooks(); }
  /// True once the stream is cut: nothing is left of the connection but its counts. Watchers are told.
  [[nodiscard]] bool is_cut() const noexcept { return cut_; }
  [[nodiscard]] std::uint64_t answered_ping() const noexcept { return session_.answered_ping(); }

  [[nodiscard]] bool is_open() const noexcept override { return session_.is_open(); }
  [[nodiscard]] bool settled() const noexcept override { return session_.settled(); }
  [[nodiscard]] close_info info() const override { return session_.info(); }
  [[nodiscard]] error failure() const override { return session_.failure(); }
  [[nodiscard]] std::size_t buffered() const noexcept override { return session_.buffered(); }
  void probe(bool replaced) override;
  [[nodiscard]] twinsocket::counters counted() const noexcept override { return session_.counted(); }
  [[nodiscard]] limits limits_now() const override { return session_.limits_now(); }
  [[nodiscard]] std::string remote_address() const override;
  [[nodiscard]] std::string local_address() const override;
  [[nodiscard]] std::optional<frame_form> form() const override { return session_.form(); }

 private:
  bool next(message& out) override;
  bool read_on(bool found);
  errc push(const outgoing& m) override;
  bool push_frames(const frame_block& block, std::size_t limit, bool at_once) override;
  [[nodiscard]] bool congested() const noexcept override { return session_.congested(); }
  void apply_limits(const limits& values) override;
  void begin_close(close_code code, std::string reason) override;
  void cut() override;
  void lose_loop() override;
  void flush() override;
  void on_time(time_point now) override;

  void write_soon();
  void write_out();
  void carry_out();

  wire_session session_;
  byte_transport* transport_ = nullptr;
  // What comes together with the opening handshake waits for the end of the turn: whoever gets the connection can then have
  // asked for messages, and answers them before a close or a violation behind them ends the conversation.
  std::unique_ptr<buffer> early_;
  bool begun_ = false;
  bool ends_early_ = false;  // The stream ended behind them.
  bool arriving_ = false;   // The session reads from the transport's memory.
  bool blocked_ = false;    // The network takes no more for now.
  bool reading_ = false;    // What the transport was told last.
  bool end_told_ = false;
  bool cut_ = false;
  bool released_ = false;
  std::unique_ptr<const std::string> remote_address_;
  std::uint64_t answered_ = 0;  // What those who wait for a pong know of.
};

}  // namespace twinsocket::detail
