// A custom codec: points as 16 bytes, two doubles in network byte order. usage: custom_codec [PORT]
//
// ws://127.0.0.1:PORT/points answers each point with the mean of all points received on the connection.

#include <bit>
#include <concepts>
#include <cstdint>
#include <vector>

#include "server_arguments.hpp"
#include "twinsocket/native/server.hpp"

namespace {

struct point {
  double x = 0;
  double y = 0;
};

// A codec is any type with these two functions. It then works with send(), receive() and topics like json and xml.
struct point_codec {
  twinsocket::result<twinsocket::message> encode(const point& value) const {
    std::vector<std::byte> bytes;
    for (const double number : {value.x, value.y})
      for (int shift = 56; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::byte>(std::bit_cast<std::uint64_t>(number) >> shift));
    return twinsocket::message(twinsocket::message_kind::binary, bytes);
  }

  template <std::same_as<point> T>
  twinsocket::result<T> decode(const twinsocket::message& received) const {
    if (received.is_text()) return twinsocket::error(twinsocket::errc::wrong_kind, "a point is binary");
    if (received.size() != 16)
      return twinsocket::error(twinsocket::errc::type_mismatch,
                               "a point has 16 bytes, not " + std::to_string(received.size()));
    const auto number = [&](std::size_t first) {
      std::uint64_t bits = 0;
      for (const std::byte b : received.bytes().subspan(first, 8)) bits = bits << 8 | std::to_integer<std::uint64_t>(b);
      return std::bit_cast<double>(bits);
    };
    return point{number(0), number(8)};
  }
};
static_assert(twinsocket::codec_for<point_codec, point>);
constexpr point_codec points;

twinsocket::task<void> average_points(twinsocket::connection socket) {
  point sum;
  for (int count = 1;; ++count) {
    const auto next = co_await socket.receive<point>(points);
    if (!next) {
      co_await socket.close(twinsocket::close_code::invalid_payload, next.error().detail());
      co_return;
    }
    sum = {sum.x + next->x, sum.y + next->y};
    const point mean{sum.x / count, sum.y / count};
    co_await socket.send(points, mean);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  twinsocket::server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/points", average_points);
  return serve(server, "serving on ws://127.0.0.1:PORT/points");
}
