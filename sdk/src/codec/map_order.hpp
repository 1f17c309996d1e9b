#pragma once

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// Visits a map in an order that depends on its contents alone: its own if it sorts, else that of the keys' bytes.
bool each_in_order(const map_shape& type, const void* map, visitor<std::string_view, const void*> visit);

}  // namespace twinsocket::detail
