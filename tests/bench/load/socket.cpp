#include "socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include "fail.hpp"

namespace bench {

namespace {

[[noreturn]] void fail_with_errno(const std::string& what) { fail(what + ": " + std::strerror(errno)); }

std::string extension_of(compression wanted) {
  switch (wanted) {
    case compression::none: return {};
    case compression::each_message:
      return "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n";
    case compression::takeover: break;
  }
  return "Sec-WebSocket-Extensions: permessage-deflate\r\n";
}

void open_websocket(client_socket& socket, const target& server) {
  socket.write("GET " + server.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port) +
               "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
               "Sec-WebSocket-Version: 13\r\n" +
               extension_of(server.deflate) + "\r\n");
  // Reading more than the response header is safe: these servers send nothing directly after it.
  std::string answer;
  char piece[4096];
  while (answer.find("\r\n\r\n") == std::string::npos) answer.append(piece, socket.read(piece, sizeof piece));
  if (answer.rfind("HTTP/1.1 101 ", 0) != 0) fail("the server refused: " + answer.substr(0, answer.find('\r')));
  if (server.deflate == compression::none) return;
  std::transform(answer.begin(), answer.end(), answer.begin(), [](unsigned char one) { return std::tolower(one); });
  if (answer.find("permessage-deflate") == std::string::npos) fail("the server does not compress");
  const bool resets = answer.find("server_no_context_takeover") != std::string::npos;
  if (resets != (server.deflate == compression::each_message)) fail("the server's context takeover is not as wanted");
}

}  // namespace

client_socket::client_socket(const target& server) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) fail_with_errno("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail_with_errno("connect");
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // A server that does not respond ends the measurement.
  const timeval limit{10, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (server.secure) tls_.emplace(descriptor_, server.resumes);
  open_websocket(*this, server);
  if (tls_ && server.resumes) tls_->keep_session();
}

// Closing with a reset leaves no port in TIME_WAIT; thousands of them would exhaust the port range.
client_socket::~client_socket() {
  if (descriptor_ < 0) return;
  const linger reset{1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  ::close(descriptor_);
}

void client_socket::make_nonblocking() {
  if (fcntl(descriptor_, F_SETFL, O_NONBLOCK) != 0) fail_with_errno("fcntl");
}

std::size_t client_socket::write(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  const auto taken = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (taken >= 0) return static_cast<std::size_t>(taken);
  if (errno != EAGAIN && errno != EINTR) fail_with_errno("send");
  return 0;
}

std::size_t client_socket::read(char* to, std::size_t room) {
  if (tls_) return tls_->read(to, room);
  const auto came = ::recv(descriptor_, to, room, 0);
  if (came > 0) return static_cast<std::size_t>(came);
  if (came == 0) fail("the server closed a connection");
  if (errno != EAGAIN && errno != EINTR) fail_with_errno("recv");
  if ((fcntl(descriptor_, F_GETFL) & O_NONBLOCK) == 0) fail("the server does not answer");
  return 0;
}

}  // namespace bench
