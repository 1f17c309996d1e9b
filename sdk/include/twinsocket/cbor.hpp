#pragma once

// CBOR (RFC 8949) for described types, see describe.hpp: the same documents as JSON (json.hpp), in binary messages that are
// smaller, with bytes as bytes. A codec is a constant without state; it may be used from any thread at once.

#include <cstddef>

#include "twinsocket/codec.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/detail/document.hpp"
#include "twinsocket/detail/refused.hpp"
#include "twinsocket/detail/shape_of.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket {

/// A struct is a map from its members' names, in the described order; a list an array; bytes a byte string; an enum its
/// name; a variant a map with one entry; an empty std::optional null. Members that JSON writes as strings are numbers here.
///
/// Encodes to a binary message, the same bytes on every target: integers, and the sizes of what is long, in their
/// shortest form, floating-point numbers in the shorter of 4 and 8 bytes that keeps them (NaN and infinities in 2), no
/// indefinite lengths, no tags. Refused with errc::invalid_argument: enum values without a name; with errc::invalid_utf8:
/// strings that are not UTF-8; with errc::too_deep: values nested deeper than max_depth().
///
/// Decodes exactly one document from a binary message, straight into a new T, in any encoding that RFC 8949 section 3
/// allows: longer forms, indefinite lengths, half-precision numbers. Tags are passed over, and undefined is null. Refused
/// are: a text message (errc::wrong_kind); a document that is not well-formed, or has something behind it (errc::syntax);
/// strings that are not UTF-8 (errc::invalid_utf8); other types, keys that are no strings, numbers out of range, a member
/// twice, required members that are missing (errc::wrong_type); deeper nesting than max_depth() (errc::too_deep). The
/// error names the path and the byte, counted from 0: "Emails[1]: expected a string, found a number at byte 19". It takes
/// no memory on the word of a length alone.
class cbor_codec {
 public:
  constexpr cbor_codec() = default;

  /// The same codec with another limit of nested arrays and maps; 256 unless told.
  [[nodiscard]] constexpr cbor_codec max_depth(std::size_t levels) const {
    cbor_codec changed = *this;
    changed.rules_.max_depth = levels;
    return changed;
  }
  [[nodiscard]] constexpr std::size_t max_depth() const noexcept { return rules_.max_depth; }

  /// The same codec, which refuses members that T does not have. Unless told they are passed over.
  [[nodiscard]] constexpr cbor_codec refuse_unknown(bool refuse = true) const {
    cbor_codec changed = *this;
    changed.rules_.refuse_unknown = refuse;
    return changed;
  }

  template <described T>
  [[nodiscard]] result<message> encode(const T& value) const {
    return write(detail::shape_of<T>::value, &value);
  }
  template <described T>
  [[nodiscard]] result<T> decode(const message& received) const {
    return detail::read_new<T>([&](T& value) { return read(received, detail::shape_of<T>::value, &value); });
  }

  // What cannot be encoded, so that the compiler says why in one sentence.
  template <class T>
    requires(!described<T>)
  detail::refused_encoding encode(const T&) const {
    return detail::explain_type<T>();
  }
  template <class T>
    requires(!described<T>)
  detail::refused_decoding<T> decode(const message&) const {
    return detail::explain_type<T>();
  }

 private:
  [[nodiscard]] result<message> write(const detail::shape& type, const void* value) const;
  [[nodiscard]] result<void> read(const message& received, const detail::shape& type, void* value) const;

  detail::document_rules rules_;
};

namespace codecs {
inline constexpr cbor_codec cbor{};
}  // namespace codecs
#ifndef TWINSOCKET_QUALIFIED_CODECS
using codecs::cbor;
#endif

}  // namespace twinsocket
