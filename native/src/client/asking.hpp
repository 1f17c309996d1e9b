#pragma once

// The client's opening handshake (RFC 6455 section 4.1): what it asks with.

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <string>
#include <string_view>

#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// What cannot be asked: errc::invalid_argument names the option.
[[nodiscard]] result<void> check_options(const native::connect_options& options);

[[nodiscard]] boost::beast::http::request<boost::beast::http::empty_body> opening_request(
    const url& address, std::string_view key, const native::connect_options& options);

}  // namespace twinsocket::detail
