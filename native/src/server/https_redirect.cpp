#include "server/https_redirect.hpp"

#include <string_view>

#include "http/host.hpp"
#include "server/request_builder.hpp"
#include "server/request_check.hpp"

namespace twinsocket::detail {

namespace {

constexpr std::uint16_t default_https_port = 443;

}  // namespace

response redirect_to_https(const request& req, std::uint16_t port) {
  const std::string_view host = split_port(req.host()).host;
  if (host.empty()) return refusal(400, "this server requires TLS, and the request has no Host to redirect to");
  std::string location = "https://" + std::string(host);
  if (port != default_https_port) location += ":" + std::to_string(port);
  location += req.path();
  if (const std::string_view query = request_builder::query_text(req); !query.empty())
    location.append("?").append(query);
  return refusal(308, "this is served at " + location).header("Location", location);
}

}  // namespace twinsocket::detail
