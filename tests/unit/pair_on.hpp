#pragma once

#include <optional>
#include <utility>

#include "manual_loop.hpp"
#include "twinsocket/pair.hpp"

/// A connection pair that lives as long as the test.
inline twinsocket::connection_pair pair_on(manual_loop& loop, const twinsocket::pair_options& options = {}) {
  std::optional<twinsocket::connection_pair> pair;
  loop.run([](auto& out, const auto& with) -> twinsocket::task<void> {
    out.emplace(twinsocket::make_connection_pair(with));
    co_return;
  }(pair, options));
  return std::move(*pair);
}
