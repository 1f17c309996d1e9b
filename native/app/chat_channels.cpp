#include "chat_channels.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "chat.hpp"
#include "twinsocket/native/channels.hpp"

namespace twinsocket::app {

namespace {

task<result<channel_user>> name_user(const request&, std::string token) {
  if (token.empty()) token = "somebody";
  if (!is_chat_name(token)) co_return error(errc::invalid_argument, chat_name_rule());
  channel_user known;
  known.user = std::move(token);
  co_return known;
}

}  // namespace

void add_channels(server& to, websocket_options options) {
  channels rooms(memory_broker(), channels_options().on_connect(name_user));
  const auto chat = channel_options()
                        .history(50, std::chrono::hours(1))
                        .presence(true)
                        .announce_members(true)
                        .client_publish(true)
                        .max_publication_bytes(4 * kib);
  static_cast<void>(rooms.add("chat", chat));
  rooms.serve(to, "/channels", std::move(options));
}

}  // namespace twinsocket::app
