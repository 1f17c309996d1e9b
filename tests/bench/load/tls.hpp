#pragma once

// TLS on a client socket. OpenSSL reads and writes the socket itself.

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace bench {

class tls {
 public:
  /// Performs the handshake on a blocking socket. Does not verify the server's certificate.
  /// With `resume`, offers the session that keep_session() has kept.
  tls(int descriptor, bool resume);

  /// Keeps the session for the next connection. Tickets arrive with the first data (RFC 8446 section 4.6.1).
  void keep_session() const;
  [[nodiscard]] bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

  // Same contract as the functions of client_socket.
  std::size_t write(std::string_view bytes);
  std::size_t read(char* to, std::size_t room);

 private:
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace bench
