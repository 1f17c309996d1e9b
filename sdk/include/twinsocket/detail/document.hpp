#pragma once

// Shared by the codecs of documents.

#include <boost/system/result.hpp>
#include <cstddef>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Settings of a codec for all documents, whatever their type.
struct document_options {
  std::size_t max_depth = 256;
  bool disallow_unknown = false;
};

/// Returns a new T that `read` has filled, or its error. The tags are for types that can be constructed from anything.
template <class T, class Read>
result<T> decode_new(Read read) {
  result<T> made(boost::system::in_place_value);
  if (const result<void> done = read(*made); !done) return result<T>(boost::system::in_place_error, done.error());
  return made;
}

}  // namespace twinsocket::detail
