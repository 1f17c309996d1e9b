#pragma once

#include <string>
#include <string_view>

#include "test.hpp"
#include "twinsocket/codec.hpp"

// The text or the error of a codec for a value and for a document.
template <class Codec, class T>
std::string written(const Codec& codec, const T& value) {
  const auto made = codec.encode(value);
  return made ? std::string(made->text()) : "refused: " + made.error().detail();
}

template <class T, class Codec>
twinsocket::result<T> read(const Codec& codec, std::string_view document) {
  return codec.template decode<T>(twinsocket::message(document));
}

// The error for a document; "accepted" if it is valid.
template <class T, class Codec>
std::string decode_error(const Codec& codec, std::string_view document) {
  const auto value = read<T>(codec, document);
  return value ? "accepted" : value.error().detail();
}

template <class T, class Codec>
twinsocket::errc decode_error_code(const Codec& codec, std::string_view document) {
  const auto value = read<T>(codec, document);
  return value ? twinsocket::errc::ok : value.error().code();
}

template <class Codec, class T>
void check_round_trip(const Codec& codec, const T& value) {
  const std::string document = written(codec, value);
  INFO(document);
  const auto again = read<T>(codec, document);
  INFO((again ? std::string() : again.error().detail()));
  REQUIRE(again.has_value());
  REQUIRE(*again == value);
}
