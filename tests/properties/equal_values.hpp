#pragma once

// Whether two values of a described type are equal. NaN equals NaN, and pointers are compared by the value that they
// own.

#include <algorithm>
#include <boost/mp11/algorithm.hpp>
#include <cmath>
#include <variant>

#include "draw_values.hpp"

namespace properties {

template <class T>
bool same(const T& a, const T& b);

namespace detail {

template <class T>
bool same_items(const T& a, const T& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return same<typename T::value_type>(x, y); });
}

template <class T>
bool same_maps(const T& a, const T& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& entry) {
           const auto found = b.find(entry.first);
           return found != b.end() && same(entry.second, found->second);
         });
}

inline bool same_own(const drawn::celsius& a, const drawn::celsius& b) { return same(a.degrees, b.degrees); }
inline bool same_own(const drawn::hexadecimal& a, const drawn::hexadecimal& b) { return a.value == b.value; }
inline bool same_own(const drawn::dotted& a, const drawn::dotted& b) { return a.parts == b.parts; }
inline bool same_own(const drawn::range& a, const drawn::range& b) { return a.from == b.from && a.size == b.size; }
template <class Rep, class Period>
bool same_own(const std::chrono::duration<Rep, Period>& a, const std::chrono::duration<Rep, Period>& b) {
  return same(a.count(), b.count());
}
template <time_point T>
bool same_own(const T& a, const T& b) {
  return a == b;
}

}  // namespace detail

template <class T>
bool same(const T& a, const T& b) {
  constexpr shape_kind kind = twinsocket::detail::kind_of<T>();
  if constexpr (kind == shape_kind::converted) {
    return detail::same_own(a, b);
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::isnan(a) ? std::isnan(b) : a == b;
  } else if constexpr (kind == shape_kind::optional) {
    return a && b ? same<std::remove_cvref_t<decltype(*a)>>(*a, *b) : !a == !b;
  } else if constexpr (kind == shape_kind::list) {
    return detail::same_items(a, b);
  } else if constexpr (kind == shape_kind::map) {
    return detail::same_maps(a, b);
  } else if constexpr (kind == shape_kind::variant) {
    return a.index() == b.index() && std::visit(
                                         [&](const auto& held) {
                                           using type = std::remove_cvref_t<decltype(held)>;
                                           return same(held, std::get<type>(b));
                                         },
                                         a);
  } else if constexpr (kind == shape_kind::record) {
    bool all = true;
    boost::mp11::mp_for_each<twinsocket::detail::described_members<T>>(
        [&](auto member) { all = all && same(a.*decltype(member)::pointer, b.*decltype(member)::pointer); });
    return all;
  } else {
    return a == b;
  }
}

}  // namespace properties
