#include "raw_tls_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace {

[[noreturn]] void fail(const std::string& doing) {
  throw std::runtime_error(doing + ": " + twinsocket::detail::take_openssl_error());
}

}  // namespace

raw_tls_client::handle_of_socket::handle_of_socket(std::uint16_t port) : number_(::socket(AF_INET, SOCK_STREAM, 0)) {
  std::signal(SIGPIPE, SIG_IGN);
  constexpr timeval timeout{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(number_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(number_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(number_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    ::close(number_);
    throw std::runtime_error("connect");
  }
}

raw_tls_client::handle_of_socket::~handle_of_socket() { ::close(number_); }

raw_tls_client::raw_tls_client(std::uint16_t port) : raw_tls_client(port, preferences()) {}

raw_tls_client::raw_tls_client(std::uint16_t port, const preferences& wanted)
    : socket_(port), context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr) {
  if (wanted.version != 0) {
    SSL_CTX_set_min_proto_version(context_.get(), wanted.version);
    SSL_CTX_set_max_proto_version(context_.get(), wanted.version);
  }
  if (!wanted.alpn.empty())
    SSL_CTX_set_alpn_protos(context_.get(), reinterpret_cast<const unsigned char*>(wanted.alpn.data()),
                            static_cast<unsigned>(wanted.alpn.size()));
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_.number());
  ERR_clear_error();
  if (SSL_connect(ssl_.get()) != 1) fail("handshake");
}

void raw_tls_client::send(std::string_view bytes) {
  ERR_clear_error();
  if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) != static_cast<int>(bytes.size()))
    fail("write");
}

std::string raw_tls_client::receive() {
  std::array<char, 16384> room;
  ERR_clear_error();
  const int count = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
  if (count > 0) return {room.data(), static_cast<std::size_t>(count)};
  if (SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN) return {};
  fail("read");
}

std::string raw_tls_client::receive(std::size_t size) {
  std::string all;
  while (all.size() < size) {
    std::string room(size - all.size(), '\0');
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
    if (count <= 0) fail("read");
    all.append(room, 0, static_cast<std::size_t>(count));
  }
  return all;
}

std::string raw_tls_client::read_to_end() {
  std::string all;
  for (std::string more = receive(); !more.empty(); more = receive()) all += more;
  return all;
}

std::string raw_tls_client::read_header() {
  std::string all;
  while (!all.ends_with("\r\n\r\n")) all += receive(1);
  return all;
}

std::string raw_tls_client::alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}
