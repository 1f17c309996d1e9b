#pragma once

// A document codec that is chosen at run time by the subprotocol, so that one handler serves clients of every format.
//
//   server.websocket("/person", websocket_options().subprotocol("person.json").subprotocol("person.cbor"),
//                    [](twinsocket::connection socket) -> twinsocket::task<void> {
//                      const twinsocket::any_codec codec = twinsocket::codec_of(socket);
//                      while (auto person = co_await socket.receive<messages::person>(codec))
//                        co_await socket.send(codec, *person);
//                    });

#include <cstddef>
#include <string_view>

#include "twinsocket/cbor.hpp"
#include "twinsocket/codec.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket {

/// Encodes and decodes values that every format can hold as a whole document: described structs, and variants of them.
/// A value type; usable from several threads at once.
class any_codec {
 public:
  /// JSON.
  constexpr any_codec() = default;
  constexpr any_codec(const json_codec& codec) : json_(codec) {}
  constexpr any_codec(const xml_codec& codec) : format_(format::as_xml), xml_(codec) {}
  constexpr any_codec(const cbor_codec& codec) : format_(format::as_cbor), cbor_(codec) {}

  /// "json", "xml" or "cbor".
  [[nodiscard]] constexpr std::string_view name() const noexcept {
    return format_ == format::as_json ? "json" : format_ == format::as_xml ? "xml" : "cbor";
  }

  /// The same codec with another nesting limit. Default: 256 levels.
  [[nodiscard]] constexpr any_codec max_depth(std::size_t levels) const {
    any_codec changed = *this;
    changed.json_ = json_.max_depth(levels);
    changed.xml_ = xml_.max_depth(levels);
    changed.cbor_ = cbor_.max_depth(levels);
    return changed;
  }
  /// The same codec, but members that T does not have are an error. By default they are ignored.
  [[nodiscard]] constexpr any_codec disallow_unknown(bool refuse = true) const {
    any_codec changed = *this;
    changed.json_ = json_.disallow_unknown(refuse);
    changed.xml_ = xml_.disallow_unknown(refuse);
    changed.cbor_ = cbor_.disallow_unknown(refuse);
    return changed;
  }

  /// Encodes to the chosen format. Errors: those of its codec: json_codec, xml_codec or cbor_codec.
  template <detail::xml_root T>
  [[nodiscard]] result<message> encode(const T& value) const {
    switch (format_) {
      case format::as_xml: return xml_.encode(value);
      case format::as_cbor: return cbor_.encode(value);
      default: return json_.encode(value);
    }
  }
  /// Decodes exactly one document of the chosen format into a new T. Errors: those of its codec.
  template <detail::xml_root T>
  [[nodiscard]] result<T> decode(const message& received) const {
    switch (format_) {
      case format::as_xml: return xml_.decode<T>(received);
      case format::as_cbor: return cbor_.decode<T>(received);
      default: return json_.decode<T>(received);
    }
  }

  // For types that cannot be encoded: the compiler reports one clear error.
  template <class T>
  requires(!detail::xml_root<T>) detail::unsupported_encoding encode(const T&)
  const { return detail::check_xml_type<T>(); }
  template <class T>
  requires(!detail::xml_root<T>) detail::unsupported_decoding<T> decode(const message&)
  const { return detail::check_xml_type<T>(); }

 private:
  enum class format : unsigned char { as_json, as_xml, as_cbor };

  format format_ = format::as_json;
  json_codec json_;
  xml_codec xml_;
  cbor_codec cbor_;
};

/// The codec of a subprotocol, by the part after its last dot, in lower case: "person.xml", or "xml" alone. Returns
/// `fallback` for every other name, including "", which is negotiated with a client that offers no subprotocol.
[[nodiscard]] any_codec codec_of(std::string_view subprotocol, const any_codec& fallback = {});

/// The codec of the negotiated subprotocol.
[[nodiscard]] any_codec codec_of(const connection& socket, const any_codec& fallback = {});

}  // namespace twinsocket
