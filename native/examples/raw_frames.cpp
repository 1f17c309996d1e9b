// A TCP proxy for one connection that prints the opening handshake and the fields of each frame (RFC 6455 section 5.2).
// usage: raw_frames PORT SERVER_PORT     then connect to ws://127.0.0.1:PORT/...

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "twinsocket/native/asio.hpp"
#include "usage.hpp"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using twinsocket::native::use_task;

// Parses and prints the bytes of one direction.
class printer {
 public:
  explicit printer(std::string who) : who_(std::move(who)) {}

  void append(std::string_view bytes) {
    bytes_ += bytes;
    while (opened_ ? print_frame() : print_handshake()) continue;
    std::cout << std::flush;
  }

 private:
  bool print_handshake() {
    const std::size_t end = bytes_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    for (std::size_t first = 0, last = 0; first < end; first = last + 2) {
      last = bytes_.find("\r\n", first);
      std::cout << who_ << "  " << bytes_.substr(first, last - first) << '\n';
    }
    bytes_.erase(0, end + 4);
    return opened_ = true;
  }

  bool print_frame() {
    const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(bytes_[at]); };
    if (bytes_.size() < 2) return false;
    const bool masked = byte(1) >= 128;
    std::size_t size = byte(1) % 128;
    const std::size_t more = size < 126 ? 0 : size == 126 ? 2 : 8;
    const std::size_t header = 2 + more + (masked ? 4 : 0);
    if (bytes_.size() < header) return false;
    if (more != 0) size = 0;
    for (std::size_t i = 0; i < more; ++i) size = size << 8 | byte(2 + i);
    if (bytes_.size() - header < size) return false;
    std::string payload = bytes_.substr(header, size);
    for (std::size_t i = 0; masked && i < size; ++i)
      payload[i] = static_cast<char>(payload[i] ^ bytes_[header - 4 + i % 4]);
    constexpr std::string_view names[] = {"continuation", "text", "binary", "", "", "", "", "",
                                          "close",        "ping", "pong"};
    const unsigned opcode = byte(0) & 15;
    std::cout << who_ << "  fin=" << (byte(0) >> 7) << " rsv=" << ((byte(0) >> 4) & 7) << " opcode=" << opcode << " ("
              << (opcode < 11 ? names[opcode] : "") << ") mask=" << masked << " length=" << size << "  ";
    for (const char c : payload.substr(0, 64)) std::cout << (c >= ' ' && c <= '~' ? c : '.');
    std::cout << (size > 64 ? "...\n" : "\n");
    bytes_.erase(0, header + size);
    return true;
  }

  std::string who_;
  std::string bytes_;
  bool opened_ = false;
};

twinsocket::task<void> relay(tcp::socket& from, tcp::socket& to, std::string who) {
  printer out(std::move(who));
  std::string block(65'536, '\0');
  for (;;) {
    const auto [ended, count] = co_await from.async_read_some(asio::buffer(block), use_task);
    if (ended) break;
    out.append(std::string_view(block).substr(0, count));
    const auto [broke, written] = co_await asio::async_write(to, asio::buffer(block.data(), count), use_task);
    if (broke) break;
  }
  boost::system::error_code ignored;
  to.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 3) return print_usage(arguments[0], "PORT SERVER_PORT");
  const auto on_port = [](const char* text) {
    return tcp::endpoint(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(text)));
  };
  asio::io_context context(1);
  tcp::acceptor acceptor(context, on_port(arguments[1]));
  std::cout << "listening on ws://127.0.0.1:" << acceptor.local_endpoint().port() << std::endl;
  tcp::socket client = acceptor.accept();
  tcp::socket server(context);
  server.connect(on_port(arguments[2]));
  twinsocket::native::spawn(context.get_executor(), relay(client, server, "client"));
  twinsocket::native::spawn(context.get_executor(), relay(server, client, "server"));
  context.run();
} catch (const std::exception& failed) {
  std::cerr << failed.what() << '\n';
  return 1;
}
