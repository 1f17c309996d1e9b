#pragma once

#include <boost/asio/buffer.hpp>
#include <stdexcept>
#include <string_view>

#include "request_text.hpp"
#include "server/request_parser.hpp"

/// A request as the server parses it, without a network.
struct parsed_request {
  /// `text` is the whole request with its empty line and content.
  explicit parsed_request(std::string_view text) {
    boost::beast::error_code failure;
    parser.eager(true);
    while (!parser.is_done() && !failure && !text.empty())
      text.remove_prefix(parser.put(boost::asio::const_buffer(text.data(), text.size()), failure));
    if (failure || !parser.is_header_done())
      throw std::runtime_error("the test's request is not HTTP: " + failure.message());
  }

  twinsocket::request req;
  twinsocket::detail::request_parser parser{req};
};
