#pragma once

// XML 1.0 for described types (describe.hpp): the documents that Go's encoding/xml writes and reads for the same
// struct. A codec is a stateless constant, usable from several threads at once.
//
// A member is an element with its name, an attribute, or the content. A list is a sequence of elements with the same
// name. So is a map, with its keys in the attribute "key". In lists of lists, and in maps of lists, the inner elements
// are named "item". A variant is an element that contains one element, named after the type that it holds.

#include <cstddef>

#include "twinsocket/codec.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/detail/document.hpp"
#include "twinsocket/detail/shape_of.hpp"
#include "twinsocket/detail/unsupported_type.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace tinyxml2 {
class XMLDocument;
}

namespace twinsocket {

namespace detail {

template <class T>
concept xml_root = kind_of<T>()
== shape_kind::record || kind_of<T>() == shape_kind::variant;

template <class T>
unsupported_type check_xml_type() {
  if constexpr (described<T>)
    static_assert(always_false<T>,
                  "an XML document is a described struct or a std::variant of them: put this into a struct");
  else
    check_type<T>();
  return {};
}

}  // namespace detail

/// The whole document is a described struct, or a std::variant of them.
///
/// Encodes to text without an XML declaration and without white space between elements, members in the described order,
/// without empty std::optionals. Text is escaped as in Go. Errors: errc::invalid_argument for characters that XML does
/// not allow, such as U+0000 and U+0001 (Go writes U+FFFD), enum values without a name, names that XML does not allow,
/// and lists and maps that contain an empty std::optional; errc::invalid_utf8 for text that is not UTF-8;
/// errc::too_deep for values nested deeper than max_depth().
///
/// Decodes exactly one document from a text message into a new T. Comments, processing instructions, the document type
/// and namespace prefixes are ignored. Errors: errc::wrong_kind for a binary message; errc::malformed for text that is not
/// well-formed, and entities that XML does not define itself; errc::type_mismatch for another root, another type, numbers
/// out of range, duplicate members and missing required members; errc::too_deep for deeper nesting than max_depth();
/// errc::message_too_big for more than max_nodes(). The error contains the path and the line, counted from 1: "Age:
/// expected an integer from 0 to 255, found "old" at line 3". As in Go an empty element is 0 for a number and false for
/// a bool.
class xml_codec {
 public:
  constexpr xml_codec() = default;

  /// The same codec with another limit of nested elements. Default: 256 levels.
  [[nodiscard]] constexpr xml_codec max_depth(std::size_t levels) const {
    xml_codec changed = *this;
    changed.options_.max_depth = levels;
    return changed;
  }
  [[nodiscard]] constexpr std::size_t max_depth() const noexcept { return options_.max_depth; }

  /// The same codec with another limit of elements, attributes and texts in a document. It bounds the memory of values
  /// that are larger than their text: `<a/>` in a list is a whole struct. Default: 1,000,000.
  [[nodiscard]] constexpr xml_codec max_nodes(std::size_t nodes) const {
    xml_codec changed = *this;
    changed.max_nodes_ = nodes;
    return changed;
  }
  [[nodiscard]] constexpr std::size_t max_nodes() const noexcept { return max_nodes_; }

  /// The same codec, but elements and attributes that T does not have are an error. By default they are ignored.
  [[nodiscard]] constexpr xml_codec disallow_unknown(bool refuse = true) const {
    xml_codec changed = *this;
    changed.options_.disallow_unknown = refuse;
    return changed;
  }

  /// Encodes to a text message. Errors: see xml_codec.
  template <detail::xml_root T>
  [[nodiscard]] result<message> encode(const T& value) const {
    return write(detail::shape_of<T>::value, &value);
  }
  /// Decodes exactly one document from a text message into a new T. Errors: see xml_codec.
  template <detail::xml_root T>
  [[nodiscard]] result<T> decode(const message& received) const {
    return detail::decode_new<T>([&](T& value) { return read(received, detail::shape_of<T>::value, &value); });
  }

  /// Any XML: fills a document of tinyxml2, to which your program links itself, with the elements, attributes and texts of
  /// a message. The same documents are accepted as for described types, and the same parts of them are ignored. What the
  /// document contained before is deleted. It is empty after an error.
  [[nodiscard]] result<void> decode(const message& received, tinyxml2::XMLDocument& document) const;

  // For types that cannot be encoded: the compiler reports one clear error.
  template <class T>
  requires(!detail::xml_root<T>) detail::unsupported_encoding encode(const T&)
  const { return detail::check_xml_type<T>(); }
  template <class T>
  requires(!detail::xml_root<T>) detail::unsupported_decoding<T> decode(const message&)
  const { return detail::check_xml_type<T>(); }

 private:
  [[nodiscard]] result<message> write(const detail::shape& type, const void* value) const;
  [[nodiscard]] result<void> read(const message& received, const detail::shape& type, void* value) const;

  detail::document_options options_;
  std::size_t max_nodes_ = 1'000'000;
};

namespace codecs {
inline constexpr xml_codec xml{};  ///< XML with the default settings.
}  // namespace codecs
#ifndef TWINSOCKET_QUALIFIED_CODECS
using codecs::xml;
#endif

}  // namespace twinsocket
