#pragma once

// All addresses that a server listens on. Each thread of the server has an acceptor for each of them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/unix_socket_file.hpp"
#include "server/acceptor.hpp"
#include "twinsocket/native/listener.hpp"

namespace twinsocket::detail {

/// One address: TCP, a Unix-domain socket, or an inherited descriptor.
class bound_listener {
 public:
  /// Prepares the address for `threads` calls of open_next_acceptor().
  [[nodiscard]] static result<bound_listener> open(boost::asio::io_context& context, const listener& what, bool only_v6,
                                                   unsigned threads);

  /// Opens the acceptor of the next thread.
  [[nodiscard]] result<stream_acceptor> open_next_acceptor(boost::asio::io_context& context);

  /// "127.0.0.1:8080", "unix:/run/app.socket".
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  /// 0 if the address has no port.
  [[nodiscard]] std::uint16_t port() const noexcept { return endpoint_ ? endpoint_->port() : 0; }

  /// Removes the file of a Unix-domain socket: nobody can connect any more.
  void remove_file() noexcept {
    if (file_) file_->remove();
  }

 private:
  bound_listener() = default;

  [[nodiscard]] int descriptor() const noexcept { return file_ ? file_->socket() : descriptor_; }

  std::optional<tcp_endpoint> endpoint_;
  std::optional<unix_socket_file> file_;
  int descriptor_ = -1;  // An inherited descriptor, if neither of the above is set.
  bool only_v6_ = false;
  std::optional<port_sharing> share_;  // Set if each thread has a socket of its own.
  std::string address_;
};

/// Replaces each listener::systemd() by the sockets that were passed to this process. Fails if there are none.
[[nodiscard]] result<std::vector<listener>> expand_systemd_listeners(const std::vector<listener>& listeners);

/// Opens all listeners, each prepared for `threads` calls of open_next_acceptor().
[[nodiscard]] result<std::vector<bound_listener>> open_listeners(boost::asio::io_context& context,
                                                                 const std::vector<listener>& listeners,
                                                                 unsigned threads);

}  // namespace twinsocket::detail
