// A client's processing of the response to its opening handshake.

#include "client/handshake_response.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http.hpp"
#include "protocol/handshake.hpp"

using namespace fuzz;
using namespace twinsocket::detail;
namespace http = boost::beast::http;

namespace {

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";

std::string told_of(const std::optional<deflate_parameters>& agreed) {
  if (!agreed) return "as it is";
  for (const int bits : {agreed->server_max_window_bits, agreed->client_max_window_bits})
    expect(bits >= 8 && bits <= 15, "a window is one that RFC 7692 knows");
  return std::to_string(agreed->server_max_window_bits) + (agreed->server_no_context_takeover ? "-" : "+") +
         std::to_string(agreed->client_max_window_bits) + (agreed->client_no_context_takeover ? "-" : "+");
}

std::string opened(std::string_view text, chunk_sizes* where, const twinsocket::client_options& asked) {
  http::response_parser<http::string_body> parser;
  parser.header_limit(2048);
  parser.body_limit(500);
  const auto failure = parse(parser, text, where, [&] { return parser.is_header_done(); });
  if (failure) return failure == http::error::need_more ? "more" : failure.message();
  const auto answer = check_handshake_response(parser.get().base(), key, asked);
  if (!answer) {
    expect(answer.error() == twinsocket::errc::handshake_failed && !answer.error().detail().empty(),
           "a refusal says why");
    return answer.error().message();
  }
  const auto& offered = asked.common().subprotocols();
  expect(answer->subprotocol.empty() || std::ranges::find(offered, answer->subprotocol) != offered.end(),
         "a subprotocol was offered");
  if (answer->compression) {
    expect(asked.compression().enabled(), "compression was offered");
    expect(answer->compression->server_max_window_bits <= asked.compression().server_max_window_bits(),
           "the server's window is as wanted");
    expect(answer->compression->client_max_window_bits <= asked.compression().client_max_window_bits(),
           "our window is as offered");
  }
  return answer->subprotocol + " " + told_of(answer->compression);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto flags = input.ConsumeIntegral<unsigned char>();
  chunk_sizes where(input);
  exact_size_copy text(bytes_of(input.ConsumeRemainingBytesAsString()));

  twinsocket::client_options asked(flags & 1
                                       ? twinsocket::connect_options().subprotocol("chat").subprotocol("sensors.json")
                                       : twinsocket::connect_options());
  if (flags & 2) {
    twinsocket::compression_options preferences;
    preferences.server_max_window_bits(flags & 4 ? 10 : 15).client_max_window_bits(flags & 8 ? 9 : 15);
    preferences.server_no_context_takeover((flags & 16) != 0).client_no_context_takeover((flags & 32) != 0);
    asked.compression(preferences);
  }
  const std::string whole = opened(text.text(), nullptr, asked);
  const std::string cut = opened(text.text(), &where, asked);
  // Beast may check the first line before or after the whole header has arrived.
  if (cut != "more") expect_same(whole, cut, "where an answer is cut changes nothing");
  return 0;
}
