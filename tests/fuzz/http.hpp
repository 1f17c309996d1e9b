#pragma once

// Drives Beast's parsers like the server and the client do: unconsumed input is passed again together with more.

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "fuzz.hpp"

namespace fuzz {

/// Feeds the parser in chunks until `done` returns true, the parser fails, or the text ends. If `where` is null, the
/// text is one chunk.
template <class Parser, class Done>
boost::beast::error_code parse(Parser& parser, std::string_view text, chunk_sizes* where, Done done) {
  namespace http = boost::beast::http;
  std::string unused;
  for (bool first = true; !done() && (first || !text.empty()); first = false) {
    const std::size_t next = where ? where->next(text.size()) : text.size();
    unused.append(text.substr(0, next));
    text.remove_prefix(next);
    while (!done()) {
      exact_size_copy copy(bytes_of(unused));
      boost::beast::error_code failure;
      const std::size_t used = parser.put(boost::asio::const_buffer(copy.bytes().data(), unused.size()), failure);
      expect(used <= unused.size(), "no more is used than there is");
      unused.erase(0, used);
      if (failure == http::error::need_more) break;
      if (failure) return failure;
      if (unused.empty()) break;
    }
  }
  return done() ? boost::beast::error_code() : http::error::need_more;
}

}  // namespace fuzz
