#pragma once

// What the functions of codecs that do not compile are made of: the compiler says one sentence, and nothing follows from it.

#include <boost/system/result.hpp>
#include <type_traits>

#include "twinsocket/detail/shape_maker.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

struct refused {};

// Like the results that were wanted, but other types: such a function makes no codec.
struct refused_encoding : result<message> {
  refused_encoding(refused) {}
};
template <class T>
struct refused_decoding : result<T> {
  refused_decoding(refused) : result<T>(boost::system::in_place_error, errc::unsupported) {}
};

/// Says why a type is not on the wire.
template <class T>
refused explain_type() {
  shape_maker<std::remove_cv_t<T>>::make();
  return {};
}

}  // namespace twinsocket::detail
