#pragma once

// The client's request of the opening handshake (RFC 6455 section 4.1).

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <string>
#include <string_view>

#include "twinsocket/native/client_options.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// Validates the options. Fails with errc::invalid_argument; the detail names the option.
[[nodiscard]] result<void> check_options(const client_options& options);

[[nodiscard]] boost::beast::http::request<boost::beast::http::empty_body> make_handshake_request(
    const url& address, std::string_view key, const client_options& options);

}  // namespace twinsocket::detail
