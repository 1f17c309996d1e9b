#include "server/request_check.hpp"

#include <boost/beast/http/error.hpp>
#include <string>

#include "http/host.hpp"
#include "http/target.hpp"
#include "http/text.hpp"

namespace twinsocket::detail {

namespace {

namespace http = boost::beast::http;

// RFC 9112 section 6.1: ambiguous framing would allow request smuggling.
std::optional<response> check_framing(const request& req, const request_parser& parser) {
  const auto codings = request_builder::find(req, "Transfer-Encoding");
  if (codings.count == 0) return {};
  if (parser.version() < 11) return refusal(400, "Transfer-Encoding in an HTTP/1.0 request");
  if (codings.count > 1 || !iequals(codings.first, "chunked"))
    return refusal(501, "the Transfer-Encoding \"" + std::string(codings.first) + "\" is not \"chunked\" alone");
  return {};
}

}  // namespace

response refusal(unsigned status, std::string why) { return response::text(std::move(why) + "\n").status(status); }

response over_limit_response() {
  return refusal(503, "there are too many connections, try again").header("Retry-After", "1");
}

response parse_error_response(const boost::beast::error_code& failure, const request_parser& parser) {
  if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
    return parser.version() == 0 ? refusal(414, "the first line of the request is too long")
                                 : refusal(431, "the header of the request is too large");
  if (failure == http::error::body_limit) return refusal(413, "the content of the request is too large");
  if (failure == http::error::bad_version) return refusal(505, "only HTTP/1.1 and HTTP/1.0 are supported");
  return refusal(400, failure.message());
}

std::optional<response> check_request(request& req, const request_parser& parser) {
  const auto parts = split_target(req.target());
  if (!parts) return refusal(400, "the target \"" + std::string(req.target()) + "\" is not a path");
  request_builder::set_path(req, parts->path, parts->query);

  const auto hosts = request_builder::find(req, "Host");
  if (hosts.count > 1 || (hosts.count == 0 && parser.version() >= 11))
    return refusal(400, "there are " + std::to_string(hosts.count) + " Host headers instead of one");
  const auto authority = split_target(req.target())->authority;
  const std::string_view host = !authority.empty() || hosts.count == 0 ? authority : hosts.first;
  if (!is_valid_host(host) || (hosts.count != 0 && !is_valid_host(hosts.first)))
    return refusal(400, "the Host \"" + std::string(host) + "\" is not a host");
  request_builder::set_host(req, host);

  if (const auto expected = req.header("Expect"); expected && !iequals(*expected, "100-continue"))
    return refusal(417, "the Expect \"" + std::string(*expected) + "\" is not \"100-continue\"");
  return check_framing(req, parser);
}

}  // namespace twinsocket::detail
