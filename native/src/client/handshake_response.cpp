#include "client/handshake_response.hpp"

#include <algorithm>
#include <vector>

#include "deflate/compression.hpp"
#include "protocol/extensions.hpp"
#include "protocol/handshake.hpp"

namespace twinsocket::detail {

namespace {

namespace http = boost::beast::http;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Returns what is wrong with the response; "" if nothing is.
std::string find_response_error(const http::response_header<>& response, std::string_view key,
                                const connect_options& options) {
  if (!has_token(view(response[http::field::upgrade]), "websocket"))
    return "the response has no \"Upgrade: websocket\"";
  if (!has_token(view(response[http::field::connection]), "upgrade"))
    return "the response has no \"Connection: Upgrade\"";
  // RFC 6455 section 11.3: these headers must not appear more than once in a response.
  for (const auto field : {http::field::sec_websocket_accept, http::field::sec_websocket_protocol})
    if (response.count(field) > 1) return "the response has more than one " + std::string(view(http::to_string(field)));
  if (view(response[http::field::sec_websocket_accept]) != accept_key(key))
    return "the Sec-WebSocket-Accept of the response does not match the key";
  const auto& offered = options.subprotocols();
  const auto chosen = view(response[http::field::sec_websocket_protocol]);
  if (response.count(http::field::sec_websocket_protocol) != 0 &&
      std::find(offered.begin(), offered.end(), chosen) == offered.end())
    return "the server chose the subprotocol \"" + std::string(chosen) + "\", which was not offered";
  return {};
}

result<std::optional<deflate_parameters>> check_compression(const http::response_header<>& response,
                                                            const compression_options& options) {
  std::vector<extension> chosen;
  const auto [first, end] = response.equal_range(http::field::sec_websocket_extensions);
  for (auto field = first; field != end; ++field)
    if (!parse_extensions(view(field->value()), chosen))
      return error(errc::handshake_failed, "the Sec-WebSocket-Extensions \"" + std::string(view(field->value())) +
                                               "\" of the response does not follow RFC 6455 section 9.1");
  const deflate_parameters preferences = requested_parameters(options, role::client);
  return check_deflate(chosen, options.enabled() ? &preferences : nullptr);
}

}  // namespace

result<negotiated_handshake> check_handshake_response(const http::response_header<>& response, std::string_view key,
                                                      const client_options& options) {
  if (std::string wrong = find_response_error(response, key, options.common()); !wrong.empty())
    return error(errc::handshake_failed, std::move(wrong));
  const auto compression = check_compression(response, options.compression());
  if (!compression) return compression.error();
  return negotiated_handshake{std::string(view(response[http::field::sec_websocket_protocol])), *compression};
}

}  // namespace twinsocket::detail
