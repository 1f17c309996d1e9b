#pragma once

// The tables of all types except structs.

#include <array>
#include <boost/mp11/list.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "twinsocket/detail/shape_maker.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

template <class T>
struct shape_maker<T, shape_kind::bytes> {
  static constexpr bytes_shape make() {
    return {{shape_kind::bytes},
            count(),
            [](const void* value) -> std::span<const std::byte> {
              const T& bytes = *static_cast<const T*>(value);
              return {bytes.data(), bytes.size()};
            },
            [](void* value, std::size_t size) -> std::byte* {
              T& bytes = *static_cast<T*>(value);
              if constexpr (requires { bytes.resize(size); })
                bytes.resize(size);
              else if (bytes.size() != size)
                return nullptr;
              // The data of an empty vector may be a null pointer, which means failure here.
              static std::byte nothing{};
              return size ? bytes.data() : &nothing;
            }};
  }

 private:
  static constexpr std::size_t count() {
    if constexpr (fixed_size_list<T>)
      return std::tuple_size<T>::value;
    else
      return dynamic_count;
  }
};

template <class T>
struct shape_maker<T, shape_kind::enumeration> {
  static constexpr enumeration_shape make() {
    check_names<T>();
    return {{shape_kind::enumeration}, kind_of<std::underlying_type_t<T>>(), type_name_of<T>(), doc_of<T>(), list};
  }

 private:
  template <template <class...> class List, class... Ds>
  static constexpr auto make_list(List<Ds...>) {
    std::array<enumerator, sizeof...(Ds)> made{enumerator{static_cast<std::int64_t>(Ds::value), Ds::name, {}}...};
    if constexpr (has_names<T>) {
      constexpr names<T> given = twinsocket_names(tag<T>());
      for (std::size_t i = 0; i < made.size(); ++i) {
        if (!given.options(i).name.empty()) made[i].name = given.options(i).name;
        made[i].doc = given.options(i).doc;
      }
    }
    for (std::size_t i = 0; i < made.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (made[i].name == made[j].name) duplicate_member_name();
    return made;
  }
  using parts = boost::describe::describe_enumerators<T>;
  static constexpr std::array<enumerator, boost::mp11::mp_size<parts>::value> list = make_list(parts());
};

template <class T>
struct shape_maker<T, shape_kind::optional> {
  using inner = std::remove_cvref_t<decltype(*std::declval<T&>())>;
  static constexpr optional_shape make() {
    return {{shape_kind::optional},
            &shape_of<inner>::value,
            [](const void* value) -> const void* {
              const T& held = *static_cast<const T*>(value);
              return held ? std::addressof(*held) : nullptr;
            },
            [](void* value) -> void* {
              T& held = *static_cast<T*>(value);
              if constexpr (owning_pointer<T>)
                held = T(new inner());
              else
                held.emplace();
              return std::addressof(*held);
            },
            [](void* value) { static_cast<T*>(value)->reset(); }};
  }
};

template <class T>
struct shape_maker<T, shape_kind::list> {
  using element = typename T::value_type;
  // The elements of a std::vector<bool> have no address. They are read as copies, and written through the vector.
  static constexpr bool is_vector_bool = !std::is_same_v<decltype(*std::declval<const T&>().begin()), const element&>;
  static_assert(!is_vector_bool || std::is_same_v<element, bool>);
  static constexpr shape vector_bool_back{shape_kind::vector_bool_back};

  static constexpr list_shape make() {
    list_shape made{{shape_kind::list},
                    nullptr,
                    dynamic_count,
                    [](const void* list) { return static_cast<std::size_t>(static_cast<const T*>(list)->size()); },
                    [](const void* list, visitor<const void*> visit) {
                      for (const element& each : *static_cast<const T*>(list))
                        if (!visit(std::addressof(each))) return false;
                      return true;
                    },
                    nullptr,
                    nullptr};
    if constexpr (is_vector_bool)
      made.element = &vector_bool_back;
    else
      made.element = &shape_of<element>::value;
    if constexpr (fixed_size_list<T>) {
      made.count = std::tuple_size<T>::value;
      made.clear = [](void*) {};
      made.add = [](void* list, std::size_t index) -> void* { return static_cast<T*>(list)->data() + index; };
    } else {
      made.clear = [](void* list) { static_cast<T*>(list)->clear(); };
      made.add = [](void* list, std::size_t) -> void* {
        T& growing = *static_cast<T*>(list);
        // Most lists have several elements, and a vector of its own accord allocates for one, two and four (of bool 64). At
        // most 128 bytes, because a peer may send many lists of one element.
        constexpr std::size_t first = sizeof(element) <= 32 ? 4 : 128 / sizeof(element);
        if constexpr (!is_vector_bool && first > 1 && requires { growing.reserve(growing.capacity()); })
          if (growing.capacity() == 0) growing.reserve(first);
        growing.emplace_back();
        if constexpr (is_vector_bool)
          return list;
        else
          return std::addressof(growing.back());
      };
    }
    return made;
  }
};

template <class T>
struct shape_maker<T, shape_kind::map> {
  static constexpr map_shape make() {
    return {{shape_kind::map},
            &shape_of<typename T::mapped_type>::value,
            sorted_map<T>,
            [](const void* map) { return static_cast<std::size_t>(static_cast<const T*>(map)->size()); },
            [](const void* map, visitor<std::string_view, const void*> visit) {
              for (const auto& [key, value] : *static_cast<const T*>(map))
                if (!visit(key, std::addressof(value))) return false;
              return true;
            },
            [](void* map) { static_cast<T*>(map)->clear(); },
            [](void* map, std::string_view key) -> void* {
              const auto [place, is_new] = static_cast<T*>(map)->try_emplace(std::string(key));
              return is_new ? std::addressof(place->second) : nullptr;
            }};
  }
};

template <class T>
constexpr std::string_view alternative_name() {
  constexpr shape_kind kind = kind_of<T>();
  if constexpr (kind == shape_kind::record || kind == shape_kind::enumeration || has_names<T>)
    return type_name_of<T>();
  else if constexpr (kind == shape_kind::string)
    return "string";
  else if constexpr (kind == shape_kind::bytes)
    return "bytes";
  else if constexpr (kind == shape_kind::boolean)
    return "bool";
  else if constexpr (kind == shape_kind::float32)
    return "float";
  else if constexpr (kind == shape_kind::float64)
    return "double";
  else if constexpr (std::is_integral_v<T>) {
    constexpr std::array<std::string_view, 8> widths{"int8",  "int16",  "int32",  "int64",
                                                     "uint8", "uint16", "uint32", "uint64"};
    return widths[static_cast<std::size_t>(kind) - static_cast<std::size_t>(shape_kind::int8)];
  } else if constexpr (kind == shape_kind::converted)
    return type_name_of<T>();
  else
    static_assert(kind == shape_kind::string, "an alternative of a variant needs a name: put it into a struct");
}

template <class... Ts>
struct shape_maker<std::variant<Ts...>, shape_kind::variant> {
  using T = std::variant<Ts...>;
  static constexpr variant_shape make() {
    for (std::size_t i = 0; i < list.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (list[i].name == list[j].name) duplicate_member_name();
    return {{shape_kind::variant},
            list,
            [](const void* value) { return static_cast<const T*>(value)->index(); },
            [](const void* value) -> const void* {
              const void* held = nullptr;
              ((held = held ? held : std::get_if<Ts>(static_cast<const T*>(value))), ...);
              return held;
            },
            [](void* value, std::size_t index) -> void* {
              static constexpr std::array<void* (*)(T&), sizeof...(Ts)> makers{
                  [](T& variant) -> void* { return std::addressof(variant.template emplace<Ts>()); }...};
              return makers[index](*static_cast<T*>(value));
            }};
  }

 private:
  static constexpr std::array<alternative, sizeof...(Ts)> list{
      alternative{alternative_name<Ts>(), &shape_of<Ts>::value}...};
};

// Why a wire_form refuses a value. An error without a detail is described by its code.
inline std::string refusal_of(const error& why) {
  return why.detail().empty() ? std::string(describe(why.code())) : why.detail();
}

template <class T>
struct wire_type_of {
  using type = T;
};
template <class T>
struct wire_type_of<result<T>> {
  using type = T;
};

template <class T>
struct shape_maker<T, shape_kind::converted> {
  using wire_type =
      typename wire_type_of<std::remove_cvref_t<decltype(wire_form<T>::to_wire(std::declval<const T&>()))>>::type;
  static_assert(std::is_same_v<decltype(wire_form<T>::from_wire(std::declval<const wire_type&>())), result<T>>,
                "wire_form<T>::from_wire(const Wire&) returns result<T>");
  static constexpr converted_shape make() {
    return {{shape_kind::converted},
            &shape_of<wire_type>::value,
            format(),
            [](const void* value, visitor<const void*> use, [[maybe_unused]] std::string& refusal) {
              const auto& wire = wire_form<T>::to_wire(*static_cast<const T*>(value));
              if constexpr (std::is_same_v<decltype(wire), const result<wire_type>&>) {
                if (wire) return use(std::addressof(*wire));
                refusal = refusal_of(wire.error());
                return false;
              } else {
                return use(std::addressof(wire));
              }
            },
            []() -> void* { return new wire_type(); },
            [](void* wire) { delete static_cast<wire_type*>(wire); },
            [](const void* wire, void* value, std::string& refusal) {
              auto made = wire_form<T>::from_wire(*static_cast<const wire_type*>(wire));
              if (made)
                *static_cast<T*>(value) = *std::move(made);
              else
                refusal = refusal_of(made.error());
              return made.has_value();
            }};
  }

 private:
  static constexpr std::string_view format() {
    if constexpr (requires { wire_form<T>::format; })
      return wire_form<T>::format;
    else
      return {};
  }
};

}  // namespace twinsocket::detail
