#include "deflate/compression.hpp"

#include "deflate/zlib_engine.hpp"

namespace twinsocket::detail {

namespace {

std::string out_of_range(const char* name, int value, int least, int most) {
  if (value >= least && value <= most) return {};
  return "the compression option " + std::string(name) + " is " + std::to_string(value) + ", which is not from " +
         std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

std::string find_invalid_option(const compression_options& options) {
  std::string found = out_of_range("level", options.level(), 1, 9);
  if (found.empty()) found = out_of_range("memory_level", options.memory_level(), 1, 9);
  if (found.empty())
    found = out_of_range("server_max_window_bits", options.server_max_window_bits(), min_window_bits, 15);
  if (found.empty())
    found = out_of_range("client_max_window_bits", options.client_max_window_bits(), min_window_bits, 15);
  return found;
}

deflate_parameters requested_parameters(const compression_options& options, role self) {
  const bool by_itself = self == role::server;
  return {.server_no_context_takeover = options.server_no_context_takeover().value_or(by_itself),
          .client_no_context_takeover = options.client_no_context_takeover().value_or(by_itself),
          .server_max_window_bits = options.server_max_window_bits(),
          .client_max_window_bits = options.client_max_window_bits()};
}

compression_setup make_compression_setup(const compression_options& options, const deflate_parameters& agreed) {
  return {.engine = &zlib_engine(options.level(), options.memory_level()),
          .agreed = agreed,
          .threshold = options.threshold()};
}

}  // namespace twinsocket::detail
