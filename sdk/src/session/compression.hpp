#pragma once

// permessage-deflate (RFC 7692) in one session.

#include <cstddef>

#include "protocol/deflate_engine.hpp"
#include "protocol/deflate_negotiation.hpp"

namespace twinsocket::detail {

/// What was negotiated in the opening handshake, and the engine that implements it.
struct compression_setup {
  const deflate_engine* engine = nullptr;  ///< Null: no compression.
  deflate_parameters agreed{};
  std::size_t threshold = 0;  ///< Smaller messages are sent uncompressed. In bytes.
};

}  // namespace twinsocket::detail
