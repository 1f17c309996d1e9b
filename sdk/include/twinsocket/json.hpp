#pragma once

// JSON (RFC 8259) for described types (describe.hpp), and for nlohmann::json. <nlohmann/json.hpp> may be compiled with
// any settings. A codec is a stateless constant, usable from several threads at once.

#include <cstddef>

#include "twinsocket/codec.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/detail/document.hpp"
#include "twinsocket/detail/json_tree.hpp"
#include "twinsocket/detail/shape_of.hpp"
#include "twinsocket/detail/unsupported_type.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket {

/// Encodes to text without white space, members in the described order, with the same bytes on every target. An empty
/// std::optional is null. Errors: errc::invalid_argument for NaN, infinities, and enum values without a name;
/// errc::invalid_utf8 for strings that are not UTF-8; errc::too_deep for values nested deeper than max_depth().
///
/// Decodes exactly one document from a text message into a new T. Errors: errc::wrong_kind for a binary message;
/// errc::malformed for a document that is not JSON or has text after it; errc::type_mismatch for other types, numbers out of
/// range, duplicate members and missing required members; errc::too_deep for deeper nesting than max_depth(). The error
/// contains the path and the byte offset, counted from 0: "Emails[1]: expected a string, found a number at byte 31".
/// null is accepted as an empty list or map, because Go writes these as null.
class json_codec {
 public:
  constexpr json_codec() = default;

  /// The same codec with another limit of nested arrays and objects. Default: 256 levels.
  [[nodiscard]] constexpr json_codec max_depth(std::size_t levels) const {
    json_codec changed = *this;
    changed.options_.max_depth = levels;
    return changed;
  }
  [[nodiscard]] constexpr std::size_t max_depth() const noexcept { return options_.max_depth; }

  /// The same codec, but members that T does not have are an error. By default they are ignored.
  [[nodiscard]] constexpr json_codec disallow_unknown(bool refuse = true) const {
    json_codec changed = *this;
    changed.options_.disallow_unknown = refuse;
    return changed;
  }

  /// Encodes a described type to a text message. Errors: see json_codec.
  template <described T>
  requires(!detail::json_tree<T>) [[nodiscard]] result<message> encode(const T& value) const {
    return write(detail::shape_of<T>::value, &value);
  }
  /// Decodes exactly one document from a text message into a new T. Errors: see json_codec.
  template <described T>
  requires(!detail::json_tree<T>) [[nodiscard]] result<T> decode(const message& received) const {
    return detail::decode_new<T>([&](T& value) { return read(received, detail::shape_of<T>::value, &value); });
  }

  /// Any JSON, as an nlohmann::json. Objects are sorted by key.
  template <detail::json_tree T>
  [[nodiscard]] result<message> encode(const T& value) const {
    return write_tree(detail::tree_access_for<T>::access, &value);
  }
  template <detail::json_tree T>
  [[nodiscard]] result<T> decode(const message& received) const {
    return detail::decode_new<T>(
        [&](T& value) { return read_tree(received, detail::tree_access_for<T>::access, &value); });
  }

  // For types that cannot be encoded: the compiler reports one clear error.
  template <class T>
  requires(!described<T> && !detail::json_tree<T>) detail::unsupported_encoding encode(const T&)
  const { return detail::check_type<T>(); }
  template <class T>
  requires(!described<T> && !detail::json_tree<T>) detail::unsupported_decoding<T> decode(const message&)
  const { return detail::check_type<T>(); }

 private:
  [[nodiscard]] result<message> write(const detail::shape& type, const void* value) const;
  [[nodiscard]] result<void> read(const message& received, const detail::shape& type, void* value) const;
  [[nodiscard]] result<message> write_tree(const detail::tree_access& tree, const void* value) const;
  [[nodiscard]] result<void> read_tree(const message& received, const detail::tree_access& tree, void* value) const;

  detail::document_options options_;
};

namespace codecs {
inline constexpr json_codec json{};  ///< JSON with the default settings.
}  // namespace codecs
#ifndef TWINSOCKET_QUALIFIED_CODECS
using codecs::json;
#endif

}  // namespace twinsocket
