#include "server/upgrade.hpp"

#include "deflate/compression.hpp"
#include "protocol/handshake.hpp"
#include "server/request_builder.hpp"
#include "server/request_check.hpp"

namespace twinsocket::detail {

namespace {

bool any_has_token(const request& req, std::string_view header, std::string_view token) {
  bool found = false;
  request_builder::for_each_value(req, header, [&](std::string_view value) { found |= has_token(value, token); });
  return found;
}

// RFC 9110 section 15.5.22: a 426 response names the required protocol.
response upgrade_required(std::string why) {
  return refusal(426, std::move(why)).header("Upgrade", "websocket").header("Connection", "Upgrade");
}

}  // namespace

bool is_websocket_upgrade(const request& req) {
  return any_has_token(req, "Upgrade", "websocket") || req.header("Sec-WebSocket-Key").has_value();
}

std::optional<response> check_handshake(const request& req, int version, bool has_body) {
  if (req.method() != "GET")
    return refusal(405, "a WebSocket is opened with GET, not " + std::string(req.method())).header("Allow", "GET");
  // RFC 9110 section 7.8: Upgrade in an HTTP/1.0 request is ignored.
  if (version < 11) return upgrade_required("a WebSocket is opened with HTTP/1.1");

  const bool upgrade = any_has_token(req, "Upgrade", "websocket");
  const bool connection = any_has_token(req, "Connection", "upgrade");
  if (!upgrade && !is_websocket_upgrade(req)) return upgrade_required("this path accepts WebSocket handshakes only");
  if (!upgrade) return refusal(400, "there is no \"Upgrade: websocket\"");
  if (!connection) return refusal(400, "there is no \"Connection: Upgrade\"");

  const auto versions = request_builder::find(req, "Sec-WebSocket-Version");
  if (versions.count != 1)
    return refusal(400, "there are " + std::to_string(versions.count) + " Sec-WebSocket-Version headers instead of one")
        .header("Sec-WebSocket-Version", "13");
  if (versions.first != "13")  // Section 4.4.
    return upgrade_required("the Sec-WebSocket-Version \"" + std::string(versions.first) + "\" is not 13")
        .header("Sec-WebSocket-Version", "13");

  const auto keys = request_builder::find(req, "Sec-WebSocket-Key");
  if (keys.count != 1)
    return refusal(400, "there are " + std::to_string(keys.count) + " Sec-WebSocket-Key headers instead of one");
  if (!is_valid_key(keys.first))
    return refusal(400, "the Sec-WebSocket-Key \"" + std::string(keys.first) + "\" is not 16 bytes in base64");
  if (has_body) return refusal(400, "a WebSocket handshake must not have content");
  return {};
}

bool allows_origin(const request& req, const websocket_options& options, const origin_policy& origins,
                   std::string_view origin) {
  if (options.origin_check()) return options.origin_check()(origin, req);
  return origins.allows(origin, req.host(), request_builder::forwarded_scheme(req));
}

result<std::optional<deflate_selection>> choose_compression(const request& req, const compression_options& options) {
  std::vector<extension> offers;
  for (const std::string_view value : req.headers("Sec-WebSocket-Extensions"))
    if (!parse_extensions(value, offers))
      return error(errc::protocol_violation,
                   "the Sec-WebSocket-Extensions \"" + std::string(value) + "\" does not follow RFC 6455 section 9.1");
  if (!options.enabled()) return std::optional<deflate_selection>();
  return choose_deflate(offers, requested_parameters(options, role::server));
}

std::string serialize_handshake_response(const request& req, const negotiated_options& chosen,
                                         const std::vector<header_field>& more) {
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      accept_key(*req.header("Sec-WebSocket-Key")) + "\r\n";
  if (!chosen.subprotocol.empty()) head += "Sec-WebSocket-Protocol: " + chosen.subprotocol + "\r\n";
  if (chosen.compression) head += "Sec-WebSocket-Extensions: " + chosen.compression->answer + "\r\n";
  for (const auto& [name, value] : more) head += name + ": " + value + "\r\n";
  return head += "\r\n";
}

}  // namespace twinsocket::detail
