#include "chat_channels.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "chat.hpp"
#include "twinsocket/native/redis_broker.hpp"

namespace twinsocket::app {

namespace {

// Strangers use them, so everything has a limit of its own, far below those of the library.
constexpr std::size_t max_rooms = 200;  // with somebody in them
constexpr std::size_t max_rooms_of_client = 10;
constexpr std::size_t max_channel_name_size = std::string_view("chat:").size() + 64;
constexpr std::size_t max_message_size = 4 * kib;
constexpr double max_messages_per_second = 5;
constexpr memory_broker_options kept_rooms{.channels = 1'000, .bytes = 8 * 1024 * kib};

task<result<channel_user>> name_user(const request&, std::string token) {
  if (token.empty()) token = "somebody";
  if (!is_chat_name(token)) co_return error(errc::invalid_argument, chat_name_rule());
  channel_user known;
  known.user = std::move(token);
  co_return known;
}

task<result<void>> check_message(const channel_user&, std::string_view, const message& what) {
  if (what.kind() != message_kind::text) co_return error(errc::invalid_argument, "a message of a room is text");
  co_return result<void>();
}

result<std::shared_ptr<broker>> make_broker(const serve_settings& settings, log_hook log) {
  if (settings.broker == "memory") return memory_broker(kept_rooms);
  redis_broker_options options;
  options.restarts_keep_data = settings.broker_keeps_data;
  options.response_timeout = settings.broker_timeout;
  options.log = std::move(log);
  auto made = redis_broker(settings.broker, std::move(options));
  if (!made) return error(errc::invalid_argument, "--broker: " + made.error().detail());
  return made;
}

}  // namespace

result<std::shared_ptr<channels>> make_chat_rooms(const serve_settings& settings, log_hook log) {
  auto where = make_broker(settings, std::move(log));
  if (!where) return where.error();
  auto rooms = std::make_shared<channels>(*std::move(where), channels_options()
                                                                 .on_connect(name_user)
                                                                 .max_name_bytes(max_channel_name_size)
                                                                 .max_subscriptions(max_rooms_of_client)
                                                                 .max_publications_per_second(max_messages_per_second));
  const auto chat = channel_options()
                        .history(settings.chat_history, std::chrono::hours(1))
                        .presence(true)
                        .announce_members(true)
                        .max_channels(max_rooms)
                        .client_publish(true)
                        .max_publication_bytes(max_message_size)
                        .on_publish(check_message);
  static_cast<void>(rooms->add("chat", chat));
  return rooms;
}

void add_channels(server& to, channels& rooms, websocket_options options) {
  rooms.serve(to, "/channels", std::move(options));
}

}  // namespace twinsocket::app
