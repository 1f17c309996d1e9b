#include "client/redirect.hpp"

#include <algorithm>
#include <string>

namespace twinsocket::detail {

namespace {

// For errors, which may be logged: without the query, and without user information, which may be a password.
std::string redacted(std::string_view location) {
  std::string out(location.substr(0, std::min(location.find('?'), std::size_t{200})));
  if (out.find('@') != std::string::npos) return "an address with user information";
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return "\"" + out + "\"";
}

bool has_default_port(const url& address) { return address.port() == (address.secure() ? 443 : 80); }

}  // namespace

bool is_redirect(unsigned status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

result<url> resolve_redirect(const url& from, std::string_view location) {
  const auto refused = [&](const std::string& why) {
    return error(errc::handshake_failed, from.authority() + " redirects to " + redacted(location) + ", " + why);
  };
  const std::string_view rest = location.substr(0, location.find('#'));
  if (rest.empty()) return refused("which is not an address");
  auto to = url::parse(rest, from);
  if (!to) return refused("which is not a WebSocket address: " + to.error().detail());
  if (from.secure() && !to->secure()) return refused("which does not use TLS");
  return to;
}

client_options redirect_options(client_options options, const url& from, const url& to) {
  const bool same = from.host() == to.host() && from.zone() == to.zone() &&
                    (from.port() == to.port() || (has_default_port(from) && has_default_port(to) && to.secure()));
  if (same) return options;
  client_options rest(options.common());
  rest.compression(options.compression()).origin(options.origin()).max_redirects(options.max_redirects());
  if (options.cookies()) rest.cookies(*options.cookies());
  if (options.proxy()) rest.proxy(*options.proxy());
  if (options.socket_factory()) rest.socket_factory(options.socket_factory());
  rest.unix_socket(options.unix_socket());
  rest.tls(options.tls().without_identity());
  return rest;
}

}  // namespace twinsocket::detail
