#include "server/subprotocol.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "protocol/handshake.hpp"
#include "session/application_heartbeat.hpp"

namespace twinsocket::detail {

result<std::string> negotiate_subprotocol(const request& req, const websocket_options& options) {
  std::vector<std::string_view> offered;
  for (const std::string_view value : req.headers("Sec-WebSocket-Protocol"))
    if (!parse_subprotocols(value, offered))
      return error(errc::protocol_violation,
                   "the Sec-WebSocket-Protocol \"" + std::string(value) + "\" is not a list of different tokens");
  const auto is_offered = [&](const std::string& name) {
    return std::find(offered.begin(), offered.end(), name) != offered.end();
  };
  std::string chosen = options.subprotocol_selector()
                           ? options.subprotocol_selector()(req, offered)
                           : std::string(select_subprotocol(options.subprotocols(), offered));
  if (!chosen.empty() && !is_offered(chosen))
    return error(errc::invalid_argument, "the subprotocol \"" + chosen + "\" was chosen but not offered");
  std::string beating = with_heartbeat(chosen);
  return options.heartbeat_enabled() && is_offered(beating) ? beating : chosen;
}

}  // namespace twinsocket::detail
