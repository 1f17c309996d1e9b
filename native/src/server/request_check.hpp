#pragma once

// The checks of RFC 9110 and RFC 9112 that apply to every request.

#include <optional>

#include "server/request_parser.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// An error response with a text body that states the reason.
[[nodiscard]] response refusal(unsigned status, std::string why);

/// The response to a header that could not be read.
[[nodiscard]] response parse_error_response(const boost::beast::error_code& failure, const request_parser& parser);

/// The response to a connection beyond a connection limit: 503 with Retry-After.
[[nodiscard]] response over_limit_response();

/// Checks a request header, and sets its path, query and host. Returns the error response if the request is rejected.
[[nodiscard]] std::optional<response> check_request(request& req, const request_parser& parser);

}  // namespace twinsocket::detail
