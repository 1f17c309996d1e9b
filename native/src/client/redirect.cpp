#include "client/redirect.hpp"

#include <string>
#include <vector>

#include "server/text.hpp"

namespace twinsocket::detail {

namespace {

// RFC 3986 section 5.2.4.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> segments;
  bool is_folder = false;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t end = path.find('/');
    const std::string_view segment = path.substr(0, end);
    is_folder = segment.empty() || segment == "." || segment == "..";
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (segment != "." && !(segment.empty() && end == std::string_view::npos)) {
      segments.push_back(segment);
    }
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  std::string out;
  for (const std::string_view segment : segments) out.append("/").append(segment);
  if (is_folder || out.empty()) out += '/';
  return out;
}

// The scheme of a reference, "" where it has none (RFC 3986 section 3.1).
std::string_view scheme_of(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  return reference.find_first_of("/?#") < colon || colon == std::string_view::npos ? std::string_view()
                                                                                   : reference.substr(0, colon);
}

bool is_own_port(const url& address) { return address.port() == (address.secure() ? 443 : 80); }

}  // namespace

bool is_redirect(unsigned status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

result<url> redirected(const url& from, std::string_view location) {
  const auto refused = [&](const std::string& why) {
    return error(errc::handshake_failed, from.text() + " redirects to \"" + std::string(location.substr(0, 200)) + "\", " + why);
  };
  std::string_view rest = location.substr(0, location.find('#'));
  if (rest.empty()) return refused("which is nowhere");
  const std::string base = (from.secure() ? "wss://" : "ws://") + from.authority();
  std::string text;
  if (const std::string_view scheme = scheme_of(rest); !scheme.empty()) {
    const bool secure = same_in_any_case(scheme, "https") || same_in_any_case(scheme, "wss");
    if (!secure && !same_in_any_case(scheme, "http") && !same_in_any_case(scheme, "ws"))
      return refused("which is no WebSocket");
    text = (secure ? "wss" : "ws") + std::string(rest.substr(scheme.size()));
  } else if (rest.starts_with("//")) {
    text = (from.secure() ? "wss:" : "ws:") + std::string(rest);
  } else {
    const std::string_view target = from.target();
    const std::string_view path = target.substr(0, target.find('?'));
    const std::string_view query = rest.find('?') == std::string_view::npos ? "" : rest.substr(rest.find('?'));
    const std::string_view there = rest.substr(0, rest.find('?'));
    std::string whole(path);
    if (there.starts_with('/')) {
      whole = there;
    } else if (!there.empty()) {
      whole = std::string(path.substr(0, path.rfind('/') + 1)).append(there);
    }
    text = base + without_dots(whole) + std::string(query);
  }
  auto to = url::parse(text);
  if (!to) return refused(to.error().message());
  if (from.secure() && !to->secure()) return refused("which is without TLS");
  return to;
}

native::connect_options carried_over(native::connect_options options, const url& from, const url& to) {
  const bool same = from.host() == to.host() &&
                    (from.port() == to.port() || (is_own_port(from) && is_own_port(to) && to.secure()));
  if (same) return options;
  native::connect_options rest(options.common());
  rest.compression(options.compression()).origin(options.origin()).max_redirects(options.max_redirects());
  if (options.cookies()) rest.cookies(*options.cookies());
  if (options.proxy()) rest.proxy(*options.proxy());
  if (options.dialler()) rest.dial_with(options.dialler());
  rest.unix_socket(options.unix_socket());
  tls_options tls;
  for (const std::string& file : options.tls().ca_files()) tls.ca_file(file);
  tls.ca_pem(options.tls().ca_pem());
  if (!options.tls().verifies()) tls.insecure_skip_verify();
  rest.tls(std::move(tls));
  return rest;
}

}  // namespace twinsocket::detail
