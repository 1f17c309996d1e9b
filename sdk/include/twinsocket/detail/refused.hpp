#pragma once

// Result types of codec functions that do not compile. The compiler reports one error, and no others follow from it.

#include <boost/system/result.hpp>
#include <type_traits>

#include "twinsocket/detail/shape_maker.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

struct refused {};

// Like the expected results, but other types: a class with such a function is no codec.
struct refused_encoding : result<message> {
  refused_encoding(refused) {}
};
template <class T>
struct refused_decoding : result<T> {
  refused_decoding(refused) : result<T>(boost::system::in_place_error, errc::unsupported) {}
};

/// Reports why a type cannot be on the wire.
template <class T>
refused explain_type() {
  shape_maker<std::remove_cv_t<T>>::make();
  return {};
}

}  // namespace twinsocket::detail
