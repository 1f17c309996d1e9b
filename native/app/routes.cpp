#include "routes.hpp"

#include <algorithm>
#include <boost/describe.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "chat.hpp"
#include "demo-site/server/routes.hpp"
#include "echo_page.hpp"
#include "sensor_channel.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/version.hpp"
#include "websocket_handlers.hpp"

namespace twinsocket::app {

/// The response body of /healthz.
struct health {
  std::string status = "ok";
  std::string version = TWINSOCKET_VERSION;
  std::int64_t uptime = 0;
  std::string sensors;
  std::string broker = "ok";
};
BOOST_DESCRIBE_STRUCT(health, (), (status, version, uptime, sensors, broker))
TWINSOCKET_NAMES(health, "Health", (uptime, "uptime_seconds"))

namespace {

// The page runs its own scripts and WebAssembly, and connects to any server that the user enters.
constexpr const char* policy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src *; base-uri 'none'; frame-ancestors 'self'";

response with_policy(response page) {
  page.header("Content-Security-Policy", policy).header("X-Content-Type-Options", "nosniff");
  return page;
}

void add_echo_page(server& to, bool has_site) {
  to.get("/ws/echo_display", [has_site](const request&) {
    // The site has its own echo section. The relative location also works behind a proxy that adds a path prefix.
    if (has_site) return response(302).header("Location", "../#echo");
    return with_policy(response::html(std::string(echo_page)));
  });
  to.get("/ws/echo_display.js", [](const request&) {
    return with_policy(response().body(std::string(echo_script), "text/javascript; charset=utf-8"));
  });
}

void add_stream(server& to, websocket_options options) {
  // Messages are not buffered as a whole, so their size needs no limit.
  limits values = options.limits();
  values.max_message_size(SIZE_MAX).max_fragments(SIZE_MAX);
  to.websocket("/stream", options.limits(values), echo_stream);
}

// A server whose broker is unavailable still answers 200: all that needs no broker works, and no other server has it either.
// What is wrong is in the log, not here, where strangers read it.
void add_health(server& to, const sensor_feed& feed, std::shared_ptr<const channels> rooms) {
  const auto start = std::chrono::steady_clock::now();
  to.get("/healthz", [start, &feed, rooms](const request&) -> task<response> {
    const broker_health checked = co_await rooms->check_health();
    health now;
    now.uptime = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
    now.sensors = feed.source_name();
    if (!checked.ok) now.status = "degraded", now.broker = "unavailable";
    const auto encoded = json.encode(now);
    if (!encoded) co_return response(500);
    co_return response::json(std::string(encoded->text())).header("Cache-Control", "no-store");
  });
}

}  // namespace

websocket_options websocket_options_for(const serve_settings& settings) {
  websocket_options options;
  // The send queue holds the largest message, so that every received message can be echoed.
  limits values;
  values.max_message_size(settings.max_message_size)
      .send_queue_bytes(std::max(settings.max_message_size, values.send_queue_bytes()));
  options.limits(values).compression(settings.compression);
  for (const std::string& pattern : settings.origins) {
    if (pattern == "*") {
      options.any_origin();
    } else {
      options.origin(pattern);
    }
  }
  return options;
}

void add_routes(server& to, const serve_settings& settings, sensor_feed& feed, std::shared_ptr<channels> rooms) {
  const websocket_options options = websocket_options_for(settings);
  add_demo_routes(to, *rooms, {options, channel_of_host(), print_person});
  add_stream(to, options);
  to.websocket("/GetTemp", [&feed](connection socket) { return send_readings(std::move(socket), feed); });
  add_chat(to, *rooms, options);
  add_health(to, feed, std::move(rooms));
  to.metrics("/metrics");
  add_echo_page(to, !settings.site.empty());
  if (!settings.site.empty()) to.files("/", settings.site, file_options().header("Content-Security-Policy", policy));
}

}  // namespace twinsocket::app
