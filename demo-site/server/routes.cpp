#include "demo-site/server/routes.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "twinsocket/cbor.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket::app {

namespace {

std::optional<result<message>> encode(const plain_channel_event& event, std::string_view subprotocol) {
  if (event.what != plain_channel_event::kind::published) return std::nullopt;
  if (subprotocol != "sensors.xml" && subprotocol != "sensors.cbor") return message(event.content.text());
  const auto report = json.decode<demo::sensor_report>(event.content);
  if (!report) return report.error();
  if (subprotocol == "sensors.xml") return xml.encode(*report);
  return cbor.encode(*report);
}

void add_sensors(server& to, channels& from, websocket_options options, const std::string& channel) {
  options.subprotocol("sensors.json").subprotocol("sensors.xml").subprotocol("sensors.cbor");
  from.serve(to, "/sensors", plain_channel([channel](const request&) { return channel; }).encode(encode), options);
}

}  // namespace

void add_demo_routes(server& to, channels& rooms, const demo_routes& how) {
  to.websocket("/echo", how.options, echo);
  to.websocket("/ws/echo", how.options, echo);
  to.websocket("/hello", how.options, send_greetings);
  to.websocket("/person/json", how.options, [received = how.on_person](connection socket) {
    return receive_person_json(std::move(socket), received);
  });
  to.websocket("/person/xml", how.options, [received = how.on_person](connection socket) {
    return receive_person_xml(std::move(socket), received);
  });
  add_sensors(to, rooms, how.options, how.sensor_channel);
  rooms.serve(to, "/channels", how.options);
}

channel_options sensor_channel_options(std::chrono::milliseconds kept_for) {
  return channel_options().history(1, kept_for).delivery(send_options().key("reading"));
}

}  // namespace twinsocket::app
