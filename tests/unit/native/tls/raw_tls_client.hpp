#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/raw_client.hpp"
#include "tls/openssl.hpp"

/// A TLS client written with OpenSSL, on a blocking socket. Throws if an operation takes longer than ten seconds.
class raw_tls_client {
 public:
  struct preferences {
    int version = 0;             ///< The only allowed version; 0 for any.
    std::string_view alpn = {};  ///< In wire format, "\x02h2".
  };
  /// Does not verify the server's certificate.
  explicit raw_tls_client(std::uint16_t port);
  raw_tls_client(std::uint16_t port, const preferences& wanted);

  void send(std::string_view bytes);
  /// Returns the next bytes, "" at a proper end. Throws if the stream ends without close_notify.
  [[nodiscard]] std::string receive();
  /// Reads exactly this many bytes.
  [[nodiscard]] std::string receive(std::size_t size);
  [[nodiscard]] std::string read_to_end();
  /// Reads to the end of the header of an HTTP response.
  [[nodiscard]] std::string read_header();

  [[nodiscard]] SSL* handle() const noexcept { return ssl_.get(); }
  [[nodiscard]] int socket() const noexcept { return socket_.number(); }
  /// The protocol that the server selected (RFC 7301).
  [[nodiscard]] std::string alpn() const;

 private:
  struct handle_of_socket {
    explicit handle_of_socket(std::uint16_t port);
    handle_of_socket(const handle_of_socket&) = delete;
    handle_of_socket& operator=(const handle_of_socket&) = delete;
    ~handle_of_socket();
    [[nodiscard]] int number() const noexcept { return number_; }
    int number_;
  };

  handle_of_socket socket_;
  twinsocket::detail::ssl_context_ptr context_;
  twinsocket::detail::ssl_ptr ssl_;
};
