#pragma once

// Makes the tables of shape.hpp from types, at compile time.

#include "twinsocket/detail/kind_of.hpp"
#include "twinsocket/detail/record_shapes.hpp"
#include "twinsocket/detail/shape_maker.hpp"
#include "twinsocket/detail/value_shapes.hpp"

namespace twinsocket {

/// Types that the codecs can put on the wire.
template <class T>
concept described = detail::is_encodable<T>;

}  // namespace twinsocket
