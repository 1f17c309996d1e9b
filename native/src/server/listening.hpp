#pragma once

// All the places where a server listens, and a listening socket in each of them for each of its threads.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/acceptor.hpp"
#include "server/unix_socket_file.hpp"
#include "twinsocket/native/listener.hpp"

namespace twinsocket::detail {

/// One place.
class listening_place {
 public:
  /// Takes it, and is to be asked for `threads` acceptors.
  [[nodiscard]] static result<listening_place> open(boost::asio::io_context& context, const listener& what, bool only_v6,
                                                    unsigned threads);

  /// The listening socket of the next thread.
  [[nodiscard]] result<stream_acceptor> next(boost::asio::io_context& context);

  /// "127.0.0.1:8080", "unix:/run/app.socket".
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  /// 0 where it has none.
  [[nodiscard]] std::uint16_t port() const noexcept { return endpoint_ ? endpoint_->port() : 0; }

  /// Nobody can find it any more.
  void remove_file() noexcept {
    if (file_) file_->remove();
  }

 private:
  listening_place() = default;

  [[nodiscard]] int source() const noexcept { return file_ ? file_->socket() : descriptor_; }

  std::optional<tcp_endpoint> endpoint_;
  std::optional<unix_socket_file> file_;
  int descriptor_ = -1;  // Of somebody else, where it is neither of the above.
  bool only_v6_ = false;
  std::optional<sharing> share_;  // Where each thread has a socket of its own.
  std::string address_;
};

/// The sockets that systemd() stands for in the place of it. An error where it stands for none.
[[nodiscard]] result<std::vector<listener>> expand(const std::vector<listener>& listeners);

/// Opens all of them; each is then asked for `threads` acceptors.
[[nodiscard]] result<std::vector<listening_place>> open_places(boost::asio::io_context& context,
                                                               const std::vector<listener>& listeners, unsigned threads);

}  // namespace twinsocket::detail
