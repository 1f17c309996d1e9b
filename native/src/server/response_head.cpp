#include "server/response_head.hpp"

#include <ostream>  // Needed by status.hpp below, which does not include it.

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <ctime>

#include "http/date.hpp"
#include "http/field_value.hpp"
#include "http/text.hpp"
#include "protocol/handshake.hpp"

namespace twinsocket::detail {

namespace {

bool has(std::span<const header_field> headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [&](const header_field& h) { return iequals(h.first, name); });
}

bool is_set_by_server(std::string_view name) {
  for (const std::string_view own :
       {"Connection", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Sec-WebSocket-Accept",
        "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"})
    if (iequals(name, own)) return true;
  return false;
}

}  // namespace

std::string serialize_response_head(const response& r, const response_head_options& frame) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(r.status()));
  std::string head = "HTTP/1.1 " + std::to_string(r.status()) + " ";
  head.append(reason.data(), reason.size()).append("\r\n");
  const auto add = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  add("Date", http_date(std::time(nullptr)));
  for (const auto& [name, value] : r.headers()) add(name, value);
  for (const auto& [name, value] : frame.added)
    if (!has(r.headers(), name) || iequals(name, "Set-Cookie")) add(name, value);
  for (const auto& [name, value] : frame.common)
    if (!has(r.headers(), name) && !has(frame.added, name)) add(name, value);
  constexpr std::string_view no_sniffing = "X-Content-Type-Options";
  if (!has(r.headers(), no_sniffing) && !has(frame.added, no_sniffing) && !has(frame.common, no_sniffing))
    add(no_sniffing, "nosniff");
  if (!has_no_content(r.status()) && frame.content_length) add("Content-Length", std::to_string(*frame.content_length));
  if (!has_no_content(r.status()) && frame.chunked) add("Transfer-Encoding", "chunked");
  // A 426 response has "Connection: Upgrade" already. Both connection options may be present.
  if (!frame.keep_alive) add("Connection", "close");
  return head += "\r\n";
}

std::string find_invalid_header(const std::vector<header_field>& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_token(name)) return "the header name \"" + name + "\" is not a token";
    if (is_set_by_server(name)) return "the header \"" + name + "\" is set by the server itself";
    if (!is_field_value(value)) return "the value of the header \"" + name + "\" has control characters in it";
  }
  return {};
}

}  // namespace twinsocket::detail
