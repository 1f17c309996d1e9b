#include "chat_channels.hpp"

#include <utility>

#include "demo-site/server/rooms.hpp"
#include "twinsocket/native/redis_broker.hpp"

namespace twinsocket::app {

namespace {

// Strangers use the rooms, so what is kept of them has a limit far below that of the library.
constexpr memory_broker_options kept_rooms{.channels = 1'000, .bytes = 8 * 1024 * kib};

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
  return make_rooms(*std::move(where), settings.chat_history);
}

}  // namespace twinsocket::app
