#pragma once

// Result types of codec functions that do not compile. The compiler reports one error, and no others follow from it.

#include <boost/system/result.hpp>
#include <type_traits>

#include "twinsocket/detail/shape_maker.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

struct unsupported_type {};

// Like the expected results, but other types: a class with such a function is no codec.
struct unsupported_encoding : result<message> {
  unsupported_encoding(unsupported_type) {}
};
template <class T>
struct unsupported_decoding : result<T> {
  unsupported_decoding(unsupported_type) : result<T>(boost::system::in_place_error, errc::unsupported) {}
};

/// Reports why a type cannot be on the wire.
template <class T>
unsupported_type check_type() {
  shape_maker<std::remove_cv_t<T>>::make();
  return {};
}

}  // namespace twinsocket::detail
