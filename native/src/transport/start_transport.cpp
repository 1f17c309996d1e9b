#include "transport/start_transport.hpp"

#include <utility>

namespace twinsocket::detail {

std::shared_ptr<wire_connection> start_transport(http_stream stream, const session_options& options,
                                                 std::string subprotocol, std::span<std::byte> already_read) {
  auto& loop = event_loop::of(stream.get_executor().context());
  auto connection = std::make_shared<wire_connection>(loop, options, std::move(subprotocol));
  if (auto engine = stream.take_engine()) {
    start_tls_transport(std::move(stream.socket()), std::move(engine), connection, already_read);
  } else {
    start_tcp_transport(std::move(stream.socket()), connection, already_read);
  }
  return connection;
}

}  // namespace twinsocket::detail
