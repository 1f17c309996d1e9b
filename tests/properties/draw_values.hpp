#pragma once

// Draws values of described types, often the limits of a type. It walks the types themselves and not the codecs'
// tables, so that an error in a table is not repeated here. A seed yields the same values on every platform.

#include <boost/mp11/algorithm.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "own_types.hpp"
#include "random.hpp"
#include "twinsocket/chrono.hpp"
#include "twinsocket/detail/kind_of.hpp"

namespace properties {

using twinsocket::detail::shape_kind;

/// Properties of a value that not every format can represent.
struct traits {
  bool not_finite = false;      ///< JSON has no number for it.
  bool changed_by_xml = false;  ///< Decodes to another value from XML: an optional that holds an empty list.
  bool invalid_in_xml = false;  ///< A character that XML refuses: U+0001. It must not get into the document.
  bool refused_by_xml = false;  ///< XML refuses it: a list with an empty optional.
};

/// An integer of any width and sign: the limits, their neighbours, numbers with few bits, and any other.
template <class Int>
Int draw_integer(random& from) {
  constexpr Int least = std::numeric_limits<Int>::min();
  constexpr Int most = std::numeric_limits<Int>::max();
  switch (from.below(6)) {
    case 0: return 0;
    case 1: return from.one_in(2) ? least : most;
    case 2: return static_cast<Int>(from.one_in(2) ? least + 1 : most - 1);
    case 3: return static_cast<Int>(from.below(100));
    // Among others the limits of the integers that a double can hold.
    case 4: {
      const std::uint64_t power = std::uint64_t{1} << from.below(64);
      return static_cast<Int>(power + from.below(3) - 1);
    }
    default: return static_cast<Int>(from.next());
  }
}

template <class Float>
Float draw_float(random& from, traits& seen) {
  using limits = std::numeric_limits<Float>;
  Float made = 0;
  switch (from.below(8)) {
    case 0: made = from.one_in(2) ? limits::denorm_min() : limits::min(); break;
    case 1: made = limits::max(); break;
    case 2: made = static_cast<Float>(from.below(2'000)) / 8; break;
    case 3: made = static_cast<Float>(from.below(1'000'000)) / 1'000; break;
    case 4: {
      const int exponent = static_cast<int>(from.below(140)) - 70;
      made = std::ldexp(static_cast<Float>(1 + from.below(9)), exponent);
      break;
    }
    case 5: {
      // Limits at which the notation of numbers changes.
      constexpr Float edges[] = {1e-7F, 1e-6F, 1e-5F, 1e-4F, 1e6F, 1e20F, 1e21F, 1e22F, 9007199254740993.0F, 0.1F};
      made = edges[from.below(10)];
      break;
    }
    case 6:
      if (from.one_in(8)) {
        made = from.one_in(2) ? limits::infinity() : limits::quiet_NaN();
        seen.not_finite = true;
      }
      break;
    default: {
      using bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;
      const auto any = static_cast<bits>(from.next());
      std::memcpy(&made, &any, sizeof made);
      if (!std::isfinite(made)) made = Float(0.5);
    }
  }
  return from.one_in(2) ? made : -made;
}

inline std::string draw_string(random& from, traits& seen) {
  static const std::string pieces[] = {"a",
                                       "Jan",
                                       " ",
                                       "  ",
                                       "0",
                                       "-1",
                                       "true",
                                       "null",
                                       "1e5",
                                       "\"",
                                       "'",
                                       "\\",
                                       "/",
                                       "<",
                                       ">",
                                       "&",
                                       "]]>",
                                       "<![CDATA[",
                                       "\t",
                                       "\n",
                                       "\r",
                                       "\r\n",
                                       "&amp;",
                                       "&#65;",
                                       "<!--",
                                       "--",
                                       "{}",
                                       "\xC3\xA9",
                                       "\xC2\x85",
                                       "\xC2\xA0",
                                       "\xE2\x80\xA8",
                                       "\xE2\x82\xAC",
                                       "\xEF\xBB\xBF",
                                       "\xEF\xBF\xBD",
                                       "e\xCC\x81",
                                       "\x7F",
                                       "\xF0\x9F\x98\x80",
                                       "\xF4\x8F\xBF\xBF",
                                       "__proto__",
                                       "constructor",
                                       "\\u0041",
                                       "\xEE\x80\x80",
                                       "\xED\x9F\xBF"};
  static const std::string invalid_in_xml[] = {std::string(1, '\0'), "\x01",        "\b", "\f", "\x1F",
                                               "\xEF\xBF\xBE",       "\xEF\xBF\xBF"};
  std::string made;
  const std::uint32_t count = from.one_in(60) ? 200 + from.below(400) : from.below(5);
  for (std::uint32_t i = 0; i < count; ++i) made += pieces[from.below(std::size(pieces))];
  if (from.one_in(40)) {
    made += invalid_in_xml[from.below(std::size(invalid_in_xml))];
    seen.invalid_in_xml = true;
  }
  return made;
}

template <class T>
concept time_point = requires {
  typename T::clock;
};
template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

/// `depth` is the distance from the root: lists get shorter with it, so that values of recursive types are finite.
class drawer {
 public:
  explicit drawer(std::uint64_t seed) : from_(seed) {}

  template <class T>
  void draw(T& value, int depth = 0) {
    constexpr shape_kind kind = twinsocket::detail::kind_of<T>();
    if constexpr (kind == shape_kind::converted) {
      draw_converted(value, depth);
    } else if constexpr (kind == shape_kind::boolean) {
      value = from_.one_in(2);
    } else if constexpr (std::is_integral_v<T>) {
      value = draw_integer<T>(from_);
    } else if constexpr (std::is_floating_point_v<T>) {
      value = draw_float<T>(from_, seen_);
    } else if constexpr (kind == shape_kind::string) {
      value = draw_string(from_, seen_);
    } else if constexpr (kind == shape_kind::bytes) {
      if constexpr (requires { value.resize(0); }) value.resize(from_.one_in(40) ? 300 : from_.below(6));
      for (std::byte& each : value) each = static_cast<std::byte>(from_.next());
    } else if constexpr (kind == shape_kind::enumeration) {
      draw_enumeration(value, boost::describe::describe_enumerators<T>());
    } else if constexpr (kind == shape_kind::optional) {
      draw_optional(value, depth);
    } else if constexpr (kind == shape_kind::list) {
      draw_list(value, depth);
    } else if constexpr (kind == shape_kind::map) {
      for (std::size_t left = size_at(depth); left; --left) {
        const auto [place, is_new] = value.try_emplace(draw_string(from_, seen_));
        if (is_new) draw_item(place->second, depth);
      }
    } else if constexpr (kind == shape_kind::variant) {
      draw_variant(value, depth, std::make_index_sequence<std::variant_size_v<T>>());
    } else {
      boost::mp11::mp_for_each<twinsocket::detail::described_members<T>>(
          [&](auto member) { draw(value.*decltype(member)::pointer, depth + 1); });
    }
  }

  [[nodiscard]] const traits& seen() const { return seen_; }

 private:
  std::size_t size_at(int depth) {
    if (depth > 4 || from_.one_in(4)) return 0;
    if (depth == 1 && from_.one_in(20)) return 20;
    return 1 + from_.below(depth > 2 ? 1 : 3);
  }

  template <class T>
  void draw_item(T& value, int depth) {
    draw(value, depth + 1);
    if constexpr (twinsocket::detail::kind_of<T>() == shape_kind::optional)
      if (!value) seen_.refused_by_xml = true;
  }

  template <class T>
  void draw_optional(T& value, int depth) {
    if (depth > 4 || from_.one_in(3)) return value.reset();
    if constexpr (twinsocket::detail::owning_pointer<T>)
      value = T(new typename T::element_type());
    else
      value.emplace();
    draw(*value, depth + 1);
    if constexpr (
        requires { value->size(); } && !requires { value->length(); })
      if (value->size() == 0) seen_.changed_by_xml = true;
  }

  template <class T>
  void draw_list(T& value, int depth) {
    if constexpr (twinsocket::detail::fixed_size_list<T>) {
      for (auto& each : value) draw_item(each, depth);
    } else {
      value.clear();
      for (std::size_t left = size_at(depth); left; --left) {
        if constexpr (std::is_same_v<typename T::value_type, bool>)
          value.push_back(from_.one_in(2));
        else
          draw_item(value.emplace_back(), depth);
      }
    }
  }

  template <class T, template <class...> class List, class... Enumerators>
  void draw_enumeration(T& value, List<Enumerators...>) {
    constexpr T all[] = {Enumerators::value...};
    value = all[from_.below(sizeof...(Enumerators))];
  }

  template <class T, std::size_t... Indices>
  void draw_variant(T& value, int depth, std::index_sequence<Indices...>) {
    const std::uint32_t wanted = from_.below(sizeof...(Indices));
    ((wanted == Indices ? draw(value.template emplace<Indices>(), depth + 1) : void()), ...);
  }

  template <class T>
  void draw_converted(T& value, int depth) {
    if constexpr (is_duration<T>) {
      typename T::rep count{};
      draw(count, depth);
      value = T(count);
    } else if constexpr (time_point<T>) {
      value = draw_time<typename T::duration>();
    } else {
      draw_own(value, depth);
    }
  }

  template <class Duration>
  std::chrono::time_point<std::chrono::system_clock, Duration> draw_time() {
    using rep = typename Duration::rep;
    const auto in_range = [](rep count) {
      return twinsocket::detail::has_rfc3339_form(std::chrono::duration<double>(Duration(count)));
    };
    rep count = draw_integer<rep>(from_);
    // Halving ends at the limits of what can be encoded.
    while (!in_range(count)) count /= 2;
    return std::chrono::time_point<std::chrono::system_clock, Duration>(Duration(count));
  }

  void draw_own(drawn::celsius& value, int) { value.degrees = draw_float<double>(from_, seen_); }
  void draw_own(drawn::hexadecimal& value, int) { value.value = draw_integer<std::uint64_t>(from_); }
  void draw_own(drawn::dotted& value, int depth) {
    draw(value.parts, depth);
    if (value.parts.empty()) value.parts.emplace_back();
  }
  void draw_own(drawn::range& value, int) {
    value.from = static_cast<std::int32_t>(draw_integer<std::int16_t>(from_));
    value.size = draw_integer<std::uint16_t>(from_);
  }

  random from_;
  traits seen_;
};

}  // namespace properties
