#pragma once

// The slots of a Redis Cluster: which one a key has, which node has a slot, and what a node answers that does not have it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "channels/redis_reply.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

inline constexpr std::size_t redis_slot_count = 16384;

/// The slot of all keys with this hash tag.
[[nodiscard]] std::uint16_t redis_slot(std::string_view hash_tag) noexcept;

struct redis_address {
  std::string host;  ///< "" stands for the host of the node that answers.
  std::uint16_t port = 0;

  friend bool operator==(const redis_address&, const redis_address&) = default;
};

struct redis_slot_range {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  redis_address master;
};

/// The answer to CLUSTER SLOTS. Fails with errc::type_mismatch if it has another form, or names no node.
[[nodiscard]] result<std::vector<redis_slot_range>> to_slot_ranges(const redis_value& reply);

struct redis_redirection {
  bool ask = false;  ///< For one command only: the slot is being moved.
  std::uint16_t slot = 0;
  redis_address to;

  friend bool operator==(const redis_redirection&, const redis_redirection&) = default;
};

/// "MOVED 3999 127.0.0.1:6381" or "ASK ...". Nothing for other errors.
[[nodiscard]] std::optional<redis_redirection> to_redirection(std::string_view error);

/// True for an error that passes, because the cluster is being changed or a node has only just begun.
[[nodiscard]] bool is_temporary(std::string_view error);

}  // namespace twinsocket::detail
