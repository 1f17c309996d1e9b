#pragma once

// A client socket that performs the opening handshake and then transfers plain bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tls.hpp"

namespace bench {

/// Compression of messages (RFC 7692) that is asked for: with context takeover in both directions, or in none.
enum class compression { none, each_message, takeover };

/// The address of a WebSocket server on 127.0.0.1.
struct target {
  std::uint16_t port = 0;
  std::string path = "/echo";
  bool secure = false;   ///< Over TLS.
  bool resumes = false;  ///< With the TLS session of the connection before, if the server has given a ticket.
  compression deflate = compression::none;
};

class client_socket {
 public:
  /// Connects and performs the opening handshake. Blocking; the socket stays in blocking mode.
  explicit client_socket(const target& server);
  client_socket(client_socket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), tls_(std::move(other.tls_)) {}
  client_socket& operator=(client_socket&&) = delete;
  ~client_socket();

  void make_nonblocking();
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// True if the TLS session of an earlier connection was used.
  [[nodiscard]] bool resumed() const { return tls_ && tls_->resumed(); }

  /// Returns how many bytes were written: 0 if a non-blocking socket cannot accept any now.
  std::size_t write(std::string_view bytes);
  /// Returns how many bytes were read: 0 if none are available now. Ends the program if the server has closed.
  std::size_t read(char* to, std::size_t room);

 private:
  int descriptor_;
  std::optional<tls> tls_;
};

}  // namespace bench
