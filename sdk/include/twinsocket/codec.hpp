#pragma once

// A codec converts a value to a message and back. twinsocket provides text, binary, JSON (json.hpp), XML (xml.hpp),
// CBOR (cbor.hpp), and any_codec (any_codec.hpp), which is one of the last three. A codec of your own is any type that
// satisfies codec_for. The codecs of twinsocket are stateless and usable from several threads at once.
//
// The names text, binary, json, xml and cbor are in twinsocket::codecs. They are in twinsocket too, unless
// TWINSOCKET_QUALIFIED_CODECS is defined before the headers: for programs that use namespace twinsocket beside another
// json.

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket {

/// `codec.encode(value)` returns a message, `codec.decode<T>(message)` returns the value. Either may fail.
template <class Codec, class T>
concept codec_for = requires(const Codec& codec, const T& value, const message& received) {
  { codec.encode(value) } -> std::same_as<result<message>>;
  { codec.template decode<T>(received) } -> std::same_as<result<T>>;
};

/// Text messages as std::string. Decoding a binary message fails with errc::wrong_kind.
struct text_codec {
  /// A copy. Not validated: send() refuses what is not UTF-8.
  [[nodiscard]] result<message> encode(std::string_view text) const;
  /// A copy of the text of a text message.
  template <std::same_as<std::string> T = std::string>
  [[nodiscard]] result<T> decode(const message& received) const {
    return decode_text(received);
  }

 private:
  static result<std::string> decode_text(const message& received);
};

/// Binary messages as std::vector<std::byte>. Decoding a text message fails with errc::wrong_kind.
struct binary_codec {
  [[nodiscard]] result<message> encode(std::span<const std::byte> bytes) const;  ///< A copy. Never fails.
  /// A copy of the bytes of a binary message.
  template <std::same_as<std::vector<std::byte>> T = std::vector<std::byte>>
  [[nodiscard]] result<T> decode(const message& received) const {
    return decode_bytes(received);
  }

 private:
  static result<std::vector<std::byte>> decode_bytes(const message& received);
};

namespace codecs {
inline constexpr text_codec text{};      ///< std::string to text message and back.
inline constexpr binary_codec binary{};  ///< std::vector<std::byte> to binary message and back.
}  // namespace codecs
#ifndef TWINSOCKET_QUALIFIED_CODECS
using codecs::binary;
using codecs::text;
#endif

}  // namespace twinsocket
