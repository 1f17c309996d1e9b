#pragma once

// Compile errors for calls that a connection does not support.

#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>

#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/send_options.hpp"

namespace twinsocket::detail {

/// The types that send() takes without a codec.
template <class T>
concept sendable = std::convertible_to<const T&, std::string_view> ||
    std::convertible_to<const T&, std::u8string_view> || std::convertible_to<const T&, std::span<const std::byte>> ||
    std::convertible_to<const T&, std::span<const unsigned char>> || std::convertible_to<const T&, const message&> ||
    std::convertible_to<const T&, const prepared_message&>;

template <class T>
constexpr void check_sendable() {
  static_assert(!std::is_pointer_v<T>, "send() takes a message, not a pointer to it: write send(*pointer)");
  static_assert(
      std::is_pointer_v<T> || sendable<T>,
      "send() takes text, bytes, a message or a prepared_message; to send any other value pass a codec before "
      "it, as in send(twinsocket::json, value)");
}

/// Reports why `codec` does not encode a T.
template <class Codec, class T>
void check_encodable(const Codec& codec, const T& value) {
  constexpr bool encodes = requires { codec.encode(value); };
  static_assert(!std::is_pointer_v<T>, "send() takes a value, not a pointer to it: write send(codec, *pointer)");
  if constexpr (!std::is_pointer_v<T>) {
    static_assert(encodes,
                  "this codec does not encode this type: it has to have a function "
                  "`twinsocket::result<twinsocket::message> encode(const T& value) const`");
    if constexpr (encodes) {
      using encoded = decltype(codec.encode(value));
      if constexpr (std::derived_from<encoded, result<message>>) {
        if constexpr (!std::same_as<encoded, result<message>>)
          (void)codec.encode(value);  // Reports it itself.
        else
          static_assert(!std::same_as<encoded, result<message>>,
                        "this codec encodes this type and does not decode it: it has to have a function "
                        "`template <class T> twinsocket::result<T> decode(const twinsocket::message& received) const`");
      } else {
        static_assert(std::derived_from<encoded, result<message>>,
                      "this codec's encode() has to return twinsocket::result<twinsocket::message>");
      }
    }
  }
}

/// Reports why a codec does not decode a T. The result stands for that codec, so that no other errors follow.
struct invalid_codec {
  template <class T>
  result<T> decode(const message&) const;
};
template <class T, class Codec>
const invalid_codec& check_decodable(const Codec& codec) {
  constexpr bool decodes = requires(const message& received) { codec.template decode<T>(received); };
  static_assert(decodes,
                "this codec does not decode this type: it has to have a function "
                "`template <class T> twinsocket::result<T> decode(const twinsocket::message& received) const`");
  if constexpr (decodes) {
    using decoded = decltype(codec.template decode<T>(message()));
    if constexpr (std::same_as<decoded, result<T>>)
      static_assert(!std::same_as<decoded, result<T>>,
                    "this codec decodes this type and does not encode it: it has to have a function "
                    "`twinsocket::result<twinsocket::message> encode(const T& value) const`");
    else if constexpr (std::derived_from<decoded, result<T>>)
      (void)codec.template decode<T>(message());  // Reports it itself.
    else
      static_assert(std::derived_from<decoded, result<T>>,
                    "this codec's decode<T>() has to return twinsocket::result<T>");
  }
  static constexpr invalid_codec none{};
  return none;
}

}  // namespace twinsocket::detail
