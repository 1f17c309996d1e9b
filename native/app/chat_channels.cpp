#include "chat_channels.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "chat.hpp"
#include "twinsocket/native/redis_broker.hpp"

namespace twinsocket::app {

namespace {

task<result<channel_user>> name_user(const request&, std::string token) {
  if (token.empty()) token = "somebody";
  if (!is_chat_name(token)) co_return error(errc::invalid_argument, chat_name_rule());
  channel_user known;
  known.user = std::move(token);
  co_return known;
}

result<std::shared_ptr<broker>> make_broker(const std::string& where, log_hook log) {
  if (where == "memory") return memory_broker();
  redis_broker_options options;
  options.log = std::move(log);
  auto made = redis_broker(where, std::move(options));
  if (!made) return error(errc::invalid_argument, "--broker: " + made.error().detail());
  return made;
}

}  // namespace

result<std::shared_ptr<channels>> make_chat_rooms(const serve_settings& settings, log_hook log) {
  auto where = make_broker(settings.broker, std::move(log));
  if (!where) return where.error();
  auto rooms = std::make_shared<channels>(*std::move(where), channels_options().on_connect(name_user));
  const auto chat = channel_options()
                        .history(50, std::chrono::hours(1))
                        .presence(true)
                        .announce_members(true)
                        .client_publish(true)
                        .max_publication_bytes(4 * kib);
  static_cast<void>(rooms->add("chat", chat));
  return rooms;
}

void add_channels(server& to, channels& rooms, websocket_options options) {
  rooms.serve(to, "/channels", std::move(options));
}

}  // namespace twinsocket::app
