#pragma once

// Connecting: from the address to an open socket, or to an error.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "browser_socket.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class opening : private socket_handler {
 public:
  /// Who waits for the end of it; it may destroy the opening.
  class listener {
   public:
    virtual void opening_done() = 0;

   protected:
    ~listener() = default;
  };

  explicit opening(listener& waiting) noexcept : listener_(&waiting) {}
  opening(const opening&) = delete;
  opening& operator=(const opening&) = delete;

  /// Starts to connect to an address in its normal form. With `heartbeats` the server is offered to answer them. Fails when
  /// a subprotocol is not valid, or the platform has no WebSocket.
  [[nodiscard]] result<void> start(std::string_view url, const std::vector<std::string>& subprotocols,
                                   std::chrono::milliseconds time_limit, bool heartbeats);

  /// The address in its normal form.
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] bool is_done() const noexcept { return done_; }
  /// Why it failed; only when it is done.
  [[nodiscard]] const std::optional<error>& failure() const noexcept { return failure_; }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return subprotocol_; }
  /// True when the server answers heartbeats.
  [[nodiscard]] bool has_heartbeats() const noexcept { return heartbeats_; }
  /// The open socket, for the connection to listen to. The number that JavaScript knows it by stays the same.
  [[nodiscard]] std::unique_ptr<browser_socket> take_socket() noexcept { return std::move(socket_); }
  [[nodiscard]] const browser_socket* socket() const noexcept { return socket_.get(); }

 private:
  void opened(std::string_view subprotocol) override;
  bool received(message_kind, std::size_t) override { return false; }
  void ended(close_code code, std::string_view reason, std::string_view why) override;
  void alarm() override;
  void finish(std::optional<error> failure);

  listener* listener_;
  std::unique_ptr<browser_socket> socket_;
  std::string url_;
  std::vector<std::string> offered_;
  std::chrono::milliseconds time_limit_{};
  time_point due_{};
  time_point alarm_ = time_point::max();  // What the socket was asked for.
  std::string subprotocol_;
  std::optional<error> failure_;
  bool done_ = false;
  bool heartbeats_ = false;
};

}  // namespace twinsocket::detail
