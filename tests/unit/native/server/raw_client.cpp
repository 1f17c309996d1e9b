#include "raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace {

constexpr timeval timeout{.tv_sec = 10, .tv_usec = 0};

[[noreturn]] void fail(const char* doing) { throw std::system_error(errno, std::generic_category(), doing); }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

raw_client::raw_client(std::uint16_t port, const char* address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (socket_ < 0) fail("socket");
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &to.sin_addr);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    ::close(socket_);
    fail("connect");
  }
}

raw_client::raw_client(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  if (socket_ < 0) fail("socket");
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.copy(to.sun_path, sizeof to.sun_path - 1);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    ::close(socket_);
    fail("connect");
  }
}

raw_client::~raw_client() {
  if (socket_ >= 0) ::close(socket_);
}

void raw_client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void raw_client::finish() const { ::shutdown(socket_, SHUT_WR); }

bool raw_client::receive_more() {
  std::array<char, 16384> bytes;
  const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count < 0) fail(("receive, after \"" + received_.substr(0, 200) + "\"").c_str());
  received_.append(bytes.data(), static_cast<std::size_t>(count));
  return count > 0;
}

std::string raw_client::take(std::size_t size) {
  while (received_.size() < size)
    if (!receive_more()) throw std::runtime_error("the connection ended after \"" + received_.substr(0, 200) + "\"");
  std::string taken = received_.substr(0, size);
  received_.erase(0, size);
  return taken;
}

std::string raw_client::read_to_end() {
  while (receive_more()) {
  }
  return std::exchange(received_, {});
}

raw_response raw_client::read_response(bool to_head) {
  while (received_.find("\r\n\r\n") == std::string::npos)
    if (!receive_more()) throw std::runtime_error("the connection ended after \"" + received_.substr(0, 200) + "\"");
  const std::string head = take(received_.find("\r\n\r\n") + 4);
  raw_response reply;
  if (!head.starts_with("HTTP/1.1 ")) throw std::runtime_error("no answer of HTTP: " + head);
  reply.status = std::stoi(head.substr(9, 3));
  for (std::size_t line = head.find("\r\n") + 2; line + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", line);
    const std::size_t colon = head.find(": ", line);
    std::string& value = reply.headers[lower(head.substr(line, colon - line))];
    value += (value.empty() ? "" : ", ") + head.substr(colon + 2, end - colon - 2);
    line = end + 2;
  }
  if (const std::string length = reply["content-length"]; !length.empty() && !to_head)
    reply.body = take(std::stoul(length));
  return reply;
}

std::string raw_client::read_chunk() {
  while (received_.find("\r\n") == std::string::npos)
    if (!receive_more()) throw std::runtime_error("the connection ended after \"" + received_.substr(0, 200) + "\"");
  const std::string size = take(received_.find("\r\n") + 2);
  std::string chunk = take(std::stoul(size, nullptr, 16) + 2);
  chunk.resize(chunk.size() - 2);
  return chunk;
}

raw_frame raw_client::read_frame() {
  const std::string head = take(2);
  raw_frame frame;
  frame.opcode = head[0] & 0x0f;
  std::size_t size = static_cast<unsigned char>(head[1]);
  if (size >= 126) {
    std::size_t longer = 0;
    for (const char c : take(size == 126 ? 2 : 8)) longer = longer * 256 + static_cast<unsigned char>(c);
    size = longer;
  }
  frame.payload = take(size);
  return frame;
}

std::string upgrade_request(std::string_view target, std::string_view fields) {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         std::string(fields) + "\r\n";
}

std::string client_frame(int opcode, std::string_view payload) {
  constexpr std::string_view mask = "\x12\x34\x56\x78";
  std::string frame(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    const bool is_long = payload.size() > 0xffff;
    frame += static_cast<char>(0x80 | (is_long ? 127 : 126));
    for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8)
      frame += static_cast<char>((payload.size() >> shift) & 0xff);
  }
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

std::string client_close(int code) {
  const char bytes[] = {static_cast<char>(code / 256), static_cast<char>(code % 256)};
  return client_frame(8, std::string_view(bytes, 2));
}

raw_response http_exchange(std::uint16_t port, std::string_view text) {
  raw_client client(port);
  client.send(text);
  return client.read_response();
}

raw_client open_websocket(std::uint16_t port, std::string_view target, std::string_view fields) {
  raw_client client(port);
  client.send(upgrade_request(target, fields));
  const raw_response reply = client.read_response();
  if (reply.status != 101) throw std::runtime_error("refused: " + std::to_string(reply.status) + " " + reply.body);
  return client;
}
