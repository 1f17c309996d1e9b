#pragma once

// CBOR (RFC 8949) for described types (describe.hpp): the same documents as JSON (json.hpp) in smaller, binary
// messages, with bytes as byte strings. A codec is a stateless constant, usable from several threads at once.

#include <cstddef>

#include "twinsocket/codec.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/detail/document.hpp"
#include "twinsocket/detail/shape_of.hpp"
#include "twinsocket/detail/unsupported_type.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket {

/// A struct is a map with its members' names as keys, in the described order. A list is an array, bytes are a byte
/// string, an enum is its name, a variant is a map with one entry, and an empty std::optional is null. Members that
/// JSON writes as strings are numbers here.
///
/// Encodes to a binary message, with the same bytes on every target: integers and lengths in their shortest form,
/// floating-point numbers in the shorter of 4 and 8 bytes that keeps the value (NaN and infinities in 2), no indefinite
/// lengths, no tags. Errors: errc::invalid_argument for enum values without a name; errc::invalid_utf8 for strings that
/// are not UTF-8; errc::too_deep for values nested deeper than max_depth().
///
/// Decodes exactly one document from a binary message into a new T, in any encoding that RFC 8949 section 3 allows:
/// longer forms, indefinite lengths, half-precision numbers. Tags are ignored, and undefined is null. Errors:
/// errc::wrong_kind for a text message; errc::malformed for a document that is not well-formed or has data after it;
/// errc::invalid_utf8 for strings that are not UTF-8; errc::type_mismatch for other types, keys that are not strings,
/// numbers out of range, duplicate members and missing required members; errc::too_deep for deeper nesting than
/// max_depth(). The error contains the path and the byte offset, counted from 0: "Emails[1]: expected a string, found a
/// number at byte 19". A declared length alone allocates no memory.
class cbor_codec {
 public:
  constexpr cbor_codec() = default;

  /// The same codec with another limit of nested arrays and maps. Default: 256 levels.
  [[nodiscard]] constexpr cbor_codec max_depth(std::size_t levels) const {
    cbor_codec changed = *this;
    changed.options_.max_depth = levels;
    return changed;
  }
  [[nodiscard]] constexpr std::size_t max_depth() const noexcept { return options_.max_depth; }

  /// The same codec, but members that T does not have are an error. By default they are ignored.
  [[nodiscard]] constexpr cbor_codec disallow_unknown(bool refuse = true) const {
    cbor_codec changed = *this;
    changed.options_.disallow_unknown = refuse;
    return changed;
  }

  /// Encodes to a binary message. Errors: see cbor_codec.
  template <described T>
  [[nodiscard]] result<message> encode(const T& value) const {
    return write(detail::shape_of<T>::value, &value);
  }
  /// Decodes exactly one document from a binary message into a new T. Errors: see cbor_codec.
  template <described T>
  [[nodiscard]] result<T> decode(const message& received) const {
    return detail::decode_new<T>([&](T& value) { return read(received, detail::shape_of<T>::value, &value); });
  }

  // For types that cannot be encoded: the compiler reports one clear error.
  template <class T>
  requires(!described<T>) detail::unsupported_encoding encode(const T&)
  const { return detail::check_type<T>(); }
  template <class T>
  requires(!described<T>) detail::unsupported_decoding<T> decode(const message&)
  const { return detail::check_type<T>(); }

 private:
  [[nodiscard]] result<message> write(const detail::shape& type, const void* value) const;
  [[nodiscard]] result<void> read(const message& received, const detail::shape& type, void* value) const;

  detail::document_options options_;
};

namespace codecs {
inline constexpr cbor_codec cbor{};  ///< CBOR with the default settings.
}  // namespace codecs
#ifndef TWINSOCKET_QUALIFIED_CODECS
using codecs::cbor;
#endif

}  // namespace twinsocket
