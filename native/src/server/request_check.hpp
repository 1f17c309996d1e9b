#pragma once

// What RFC 9110 and RFC 9112 want of any request, whatever it is for.

#include <optional>

#include "server/request_parser.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// An answer of ours with a text that says why.
[[nodiscard]] response refusal(unsigned status, std::string why);

/// The answer to a header that could not be read.
[[nodiscard]] response refusal_of(const boost::beast::error_code& failure, const request_parser& parser);

/// The answer to those for whom there are too many connections open.
[[nodiscard]] response refusal_of_crowd();

/// RFC 9112 section 3.2: false for what cannot stand in a host and port; "" can.
[[nodiscard]] bool is_host(std::string_view host);

/// Takes the target and the host of a request apart once its header is read. An answer when it is refused.
[[nodiscard]] std::optional<response> check_request(request& asked, const request_parser& parser);

}  // namespace twinsocket::detail
