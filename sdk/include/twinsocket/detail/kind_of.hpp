#pragma once

// Derives a type's shape_kind from its operations, so that containers of other libraries work like those of std.

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <variant>

#include "twinsocket/describe.hpp"
#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

template <class T>
concept has_wire_form = requires(const T& value) {
  wire_form<T>::to_wire(value);
};

template <class T>
concept optional_like = requires(T& value, const T& constant) {
  { *constant } -> std::convertible_to<const typename T::value_type&>;
  { constant.has_value() } -> std::same_as<bool>;
  value.emplace();
  value.reset();
};

template <class T>
concept owning_pointer = std::same_as<T, std::unique_ptr<typename T::element_type>> ||
    std::same_as<T, std::shared_ptr<typename T::element_type>>;

template <class T>
concept byte_sequence = std::same_as<typename T::value_type, std::byte> && requires(T& value) {
  { value.data() } -> std::same_as<std::byte*>;
  { value.size() } -> std::convertible_to<std::size_t>;
};

template <class T>
concept fixed_size_list = requires(T& value) {
  typename T::value_type;
  std::tuple_size<T>::value;
  { value.data() } -> std::same_as<typename T::value_type*>;
};

template <class T>
concept resizable_list = requires(T& value) {
  typename T::value_type;
  { value.size() } -> std::convertible_to<std::size_t>;
  value.begin();
  value.clear();
  value.emplace_back();
};

template <class T>
concept string_map = std::same_as<typename T::key_type, std::string> && requires(T& value, std::string key) {
  typename T::mapped_type;
  { value.size() } -> std::convertible_to<std::size_t>;
  value.clear();
  { value.try_emplace(key).second } -> std::convertible_to<bool>;
};

template <class T>
concept sorted_map = requires {
  typename T::key_compare;
};

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

template <class T>
constexpr shape_kind kind_of() {
  if constexpr (has_wire_form<T>)
    return shape_kind::converted;
  else if constexpr (std::is_same_v<T, bool>)
    return shape_kind::boolean;
  else if constexpr (std::is_enum_v<T>)
    return described_enumeration<T> ? shape_kind::enumeration : shape_kind::unsupported;
  else if constexpr (std::is_integral_v<T>) {
    // Character types are not used as numbers, and have no single representation on the wire.
    if (std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
        std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t> || sizeof(T) > 8)
      return shape_kind::unsupported;
    constexpr auto first = std::is_signed_v<T> ? shape_kind::int8 : shape_kind::uint8;
    return static_cast<shape_kind>(static_cast<int>(first) + (sizeof(T) > 1) + (sizeof(T) > 2) + (sizeof(T) > 4));
  } else if constexpr (std::is_same_v<T, float>)
    return shape_kind::float32;
  else if constexpr (std::is_same_v<T, double>)
    return shape_kind::float64;
  else if constexpr (std::is_same_v<T, std::string>)
    return shape_kind::string;
  else if constexpr (is_variant<T>)
    return shape_kind::variant;
  else if constexpr (optional_like<T> || owning_pointer<T>)
    return shape_kind::optional;
  else if constexpr (byte_sequence<T>)
    return shape_kind::bytes;
  else if constexpr (string_map<T>)
    return shape_kind::map;
  else if constexpr (fixed_size_list<T> || resizable_list<T>)
    return shape_kind::list;
  else if constexpr (described_record<T>)
    return shape_kind::record;
  else
    return shape_kind::unsupported;
}

template <class T>
inline constexpr bool is_encodable = kind_of<T>() != shape_kind::unsupported;

}  // namespace twinsocket::detail
