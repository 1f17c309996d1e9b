#include "server/https_redirect.hpp"

#include <string_view>

#include "server/request_builder.hpp"
#include "server/request_check.hpp"

namespace twinsocket::detail {

namespace {

constexpr std::uint16_t usual_port = 443;

// A host without its port. An IPv6 address keeps its brackets (RFC 3986 section 3.2.2).
std::string_view without_port(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

}  // namespace

response redirect_to_https(const request& req, std::uint16_t port) {
  const std::string_view host = without_port(req.host());
  if (host.empty()) return refusal(400, "this server requires TLS, and the request has no Host to redirect to");
  std::string location = "https://" + std::string(host);
  if (port != usual_port) location += ":" + std::to_string(port);
  location += req.path();
  if (const std::string_view query = request_builder::query_text(req); !query.empty())
    location.append("?").append(query);
  return refusal(308, "this is served at " + location).header("Location", location);
}

}  // namespace twinsocket::detail
