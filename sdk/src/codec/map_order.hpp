#pragma once

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// Visits a map in an order that depends only on its contents: its own order if it is sorted, else by the bytes of the
/// keys.
bool visit_sorted(const map_shape& type, const void* map, visitor<std::string_view, const void*> visit);

}  // namespace twinsocket::detail
