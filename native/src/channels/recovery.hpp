#pragma once

// Whether a client that has seen everything up to a position gets everything after it.

#include <cstdint>

#include "twinsocket/channel_protocol.hpp"
#include "twinsocket/native/broker.hpp"

namespace twinsocket::detail {

/// `kept` is what the broker keeps after `since`.
[[nodiscard]] inline channel_protocol::recovery recovery_of(const broker_history& kept,
                                                            const channel_protocol::position& since) {
  const auto offset = static_cast<std::uint64_t>(since.offset);
  if (since.offset < 0 || since.epoch != kept.last.epoch || offset > kept.last.offset)
    return channel_protocol::recovery::epoch_changed;
  const bool has_next = offset == kept.last.offset || (kept.oldest != 0 && kept.oldest <= offset + 1);
  return has_next ? channel_protocol::recovery::complete : channel_protocol::recovery::trimmed;
}

}  // namespace twinsocket::detail
