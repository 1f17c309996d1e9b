#pragma once

// The tables of all types, made by the specialisations of shape_maker. Tables contain only addresses of each other, so
// that a type may contain itself (a tree in a std::vector of trees).

#include <concepts>
#include <string_view>
#include <type_traits>

#include "twinsocket/describe.hpp"
#include "twinsocket/detail/function_name.hpp"
#include "twinsocket/detail/kind_of.hpp"
#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

template <shape_kind Kind>
constexpr auto empty_shape() {
  if constexpr (Kind == shape_kind::bytes)
    return bytes_shape();
  else if constexpr (Kind == shape_kind::enumeration)
    return enumeration_shape();
  else if constexpr (Kind == shape_kind::optional)
    return optional_shape();
  else if constexpr (Kind == shape_kind::list)
    return list_shape();
  else if constexpr (Kind == shape_kind::map)
    return map_shape();
  else if constexpr (Kind == shape_kind::record)
    return record_shape();
  else if constexpr (Kind == shape_kind::variant)
    return variant_shape();
  else if constexpr (Kind == shape_kind::converted)
    return converted_shape();
  else
    return shape();
}

/// The table of T.
template <class T>
struct shape_of {
  using type = decltype(empty_shape<kind_of<T>()>());
  static constinit const type value;
};

template <class T, shape_kind Kind = kind_of<T>()>
struct shape_maker {
  static constexpr shape make() {
    static_assert(
        !std::is_pointer_v<T> || is_encodable<T>,
        "a pointer cannot go on the wire: for text use std::string, otherwise the object itself, std::optional or "
        "std::unique_ptr");
    static_assert(std::is_pointer_v<T> || is_encodable<T>,
                  "this type cannot go on the wire: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM, or "
                  "specialise twinsocket::wire_form for it");
    return {Kind};
  }
};

template <class T>
constinit const typename shape_of<T>::type shape_of<T>::value = shape_maker<T>::make();

/// True for types with TWINSOCKET_NAMES.
template <class T>
concept has_names = requires {
  { twinsocket_names(tag<T>()) } -> std::same_as<names<T>>;
};

template <class T>
constexpr std::string_view type_name_of() {
  if constexpr (has_names<T>) {
    return names<T>(twinsocket_names(tag<T>())).type_name();
  } else {
    return type_name_in(TWINSOCKET_DETAIL_FUNCTION_NAME);
  }
}

/// Rejects invalid names.
template <class T>
constexpr void check_names() {
  if constexpr (has_names<T>) {
    constexpr names_error fault = names<T>(twinsocket_names(tag<T>())).error();
    static_assert(fault != names_error::unknown, "TWINSOCKET_NAMES names a member that is not in the description");
    static_assert(fault != names_error::empty, "TWINSOCKET_NAMES has an empty name");
  }
}

/// The documentation of the type in TWINSOCKET_NAMES.
template <class T>
constexpr std::string_view doc_of() {
  if constexpr (has_names<T>)
    return names<T>(twinsocket_names(tag<T>())).doc();
  else
    return {};
}

}  // namespace twinsocket::detail
