#pragma once

// permessage-deflate (RFC 7692) in one session, if both sides have agreed on it.

#include <cstddef>

#include "protocol/deflate_engine.hpp"
#include "protocol/deflate_negotiation.hpp"
#include "protocol/message_deflater.hpp"
#include "protocol/message_inflater.hpp"
#include "twinsocket/limits.hpp"

namespace twinsocket::detail {

/// What was negotiated in the opening handshake, and the engine that implements it.
struct compression_setup {
  const deflate_engine* engine = nullptr;  ///< Null: no compression.
  deflate_parameters agreed{};
  std::size_t threshold = 0;  ///< Smaller messages are sent uncompressed. In bytes.
};

struct compression {
  compression(const compression_setup& setup, role self, const limits& values) noexcept
      : out(*setup.engine, setup.agreed.of(self)),
        in(*setup.engine, setup.agreed.of(self == role::server ? role::client : role::server),
           {values.max_message_size(), values.max_inflate_ratio()}),
        threshold(setup.threshold) {}

  message_deflater out;
  message_inflater in;
  std::size_t threshold;
};

}  // namespace twinsocket::detail
