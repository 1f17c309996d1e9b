#pragma once

// An attempt to connect: from the URL to an open socket or an error.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "browser_socket.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class connect_attempt : private socket_handler {
 public:
  /// Handler of the completion. It may destroy the opening.
  class listener {
   public:
    virtual void attempt_done(time_point now) = 0;

   protected:
    ~listener() = default;
  };

  explicit connect_attempt(listener& waiting) noexcept : listener_(&waiting) {}
  connect_attempt(const connect_attempt&) = delete;
  connect_attempt& operator=(const connect_attempt&) = delete;

  /// Starts connecting to a normalized URL. `heartbeats`: also offer the subprotocols for heartbeats. Fails for an invalid
  /// subprotocol, or if the platform has no WebSocket.
  [[nodiscard]] result<void> start(std::string_view url, std::vector<std::string> subprotocols,
                                   std::chrono::milliseconds timeout, bool heartbeats, time_point now);

  /// The normalized URL.
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] bool is_done() const noexcept { return done_; }
  /// The error, if it has failed.
  [[nodiscard]] const std::optional<error>& failure() const noexcept { return failure_; }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return subprotocol_; }
  /// True if the server answers heartbeats.
  [[nodiscard]] bool has_heartbeats() const noexcept { return heartbeats_; }
  /// Moves the open socket to the connection. Its number in JavaScript stays the same.
  [[nodiscard]] std::unique_ptr<browser_socket> take_socket() noexcept { return std::move(socket_); }
  [[nodiscard]] const browser_socket* socket() const noexcept { return socket_.get(); }

 private:
  void opened(std::string_view subprotocol, time_point now) override;
  bool received(message_kind, std::size_t, time_point) override { return false; }
  void ended(close_code code, std::string_view reason, std::string_view why, time_point now) override;
  void on_socket_timer(time_point now) override;
  void finish(std::optional<error> failure, time_point now);

  listener* listener_;
  std::unique_ptr<browser_socket> socket_;
  std::string url_;
  std::vector<std::string> offered_;
  std::chrono::milliseconds timeout_{};
  time_point due_{};
  time_point timer_expiry_ = time_point::max();  // The time for which the timer of the socket is set.
  std::string subprotocol_;
  std::optional<error> failure_;
  bool done_ = false;
  bool heartbeats_ = false;
};

}  // namespace twinsocket::detail
