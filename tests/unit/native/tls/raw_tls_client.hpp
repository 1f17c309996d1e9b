#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/raw_client.hpp"
#include "tls/openssl.hpp"

/// A TLS client of OpenSSL's own, on a socket that blocks. What takes longer than ten seconds throws.
class raw_tls_client {
 public:
  struct wishes {
    int version = 0;            ///< The only one, or any for 0.
    std::string_view alpn = {};  ///< In its form on the wire, "\x02h2".
  };
  /// Trusts everybody.
  explicit raw_tls_client(std::uint16_t port);
  raw_tls_client(std::uint16_t port, const wishes& wanted);

  void send(std::string_view bytes);
  /// What comes, "" at a proper end. Throws where the end is none.
  [[nodiscard]] std::string receive();
  /// As much as is asked for.
  [[nodiscard]] std::string receive(std::size_t size);
  [[nodiscard]] std::string read_to_end();
  /// Up to the end of the header of an HTTP answer.
  [[nodiscard]] std::string read_header();

  [[nodiscard]] SSL* handle() const noexcept { return ssl_.get(); }
  [[nodiscard]] int socket() const noexcept { return socket_.number(); }
  /// The protocol that the server chose (RFC 7301).
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
