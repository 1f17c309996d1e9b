#pragma once

// Makes the tables of shape.hpp from types. Tables point at each other's addresses only, so that a type may contain
// itself (a tree in a std::vector of trees).

#include <boost/mp11/list.hpp>
#include <concepts>
#include <iterator>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "twinsocket/describe.hpp"
#include "twinsocket/detail/shape.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

template <class T>
concept has_wire_form = requires(const T& value) { wire_form<T>::to_wire(value); };

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
concept byte_run = std::same_as<typename T::value_type, std::byte> && requires(T& value) {
  { value.data() } -> std::same_as<std::byte*>;
  { value.size() } -> std::convertible_to<std::size_t>;
};

template <class T>
concept fixed_list = requires(T& value) {
  typename T::value_type;
  std::tuple_size<T>::value;
  { value.data() } -> std::same_as<typename T::value_type*>;
};

template <class T>
concept growing_list = requires(T& value) {
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
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

template <class T>
constexpr shape_kind kind_of() {
  if constexpr (has_wire_form<T>) return shape_kind::converted;
  else if constexpr (std::is_same_v<T, bool>) return shape_kind::boolean;
  else if constexpr (std::is_enum_v<T>)
    return described_enumeration<T> ? shape_kind::enumeration : shape_kind::unsupported;
  else if constexpr (std::is_integral_v<T>) {
    // Characters are not numbers to those who write them, and there is no one way to put them on the wire.
    if (std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
        std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t> || sizeof(T) > 8)
      return shape_kind::unsupported;
    constexpr auto first = std::is_signed_v<T> ? shape_kind::int8 : shape_kind::uint8;
    return static_cast<shape_kind>(static_cast<int>(first) + (sizeof(T) > 1) + (sizeof(T) > 2) + (sizeof(T) > 4));
  } else if constexpr (std::is_same_v<T, float>) return shape_kind::float32;
  else if constexpr (std::is_same_v<T, double>) return shape_kind::float64;
  else if constexpr (std::is_same_v<T, std::string>) return shape_kind::string;
  else if constexpr (is_variant<T>) return shape_kind::variant;
  else if constexpr (optional_like<T> || owning_pointer<T>) return shape_kind::optional;
  else if constexpr (byte_run<T>) return shape_kind::bytes;
  else if constexpr (string_map<T>) return shape_kind::map;
  else if constexpr (fixed_list<T> || growing_list<T>) return shape_kind::list;
  else if constexpr (described_record<T>) return shape_kind::record;
  else return shape_kind::unsupported;
}

template <shape_kind Kind>
constexpr auto empty_shape() {
  if constexpr (Kind == shape_kind::bytes) return bytes_shape();
  else if constexpr (Kind == shape_kind::enumeration) return enumeration_shape();
  else if constexpr (Kind == shape_kind::optional) return optional_shape();
  else if constexpr (Kind == shape_kind::list) return list_shape();
  else if constexpr (Kind == shape_kind::map) return map_shape();
  else if constexpr (Kind == shape_kind::record) return record_shape();
  else if constexpr (Kind == shape_kind::variant) return variant_shape();
  else if constexpr (Kind == shape_kind::converted) return converted_shape();
  else return shape();
}

/// The table of T.
template <class T>
struct shape_of {
  static_assert(kind_of<T>() != shape_kind::unsupported,
                "this type cannot go on the wire: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM, or "
                "specialise twinsocket::wire_form for it");
  using type = decltype(empty_shape<kind_of<T>()>());
  static constinit const type value;
};

template <class T, shape_kind Kind = kind_of<T>()>
struct shape_maker {
  static constexpr shape make() { return {Kind}; }
};

template <class T>
constinit const typename shape_of<T>::type shape_of<T>::value = shape_maker<T>::make();

template <class T>
struct shape_maker<T, shape_kind::bytes> {
  static constexpr bytes_shape make() {
    return {{shape_kind::bytes},
            [](const void* value) -> std::span<const std::byte> {
              const T& bytes = *static_cast<const T*>(value);
              return {bytes.data(), bytes.size()};
            },
            [](void* value, std::size_t size) -> std::byte* {
              T& bytes = *static_cast<T*>(value);
              if constexpr (requires { bytes.resize(size); }) bytes.resize(size);
              else if (bytes.size() != size) return nullptr;
              // The data of an empty vector may be a null pointer, which here means a refusal.
              static std::byte nothing{};
              return size ? bytes.data() : &nothing;
            }};
  }
};

/// The names that a type goes by: those of TWINSOCKET_NAMES, or those in C++.
template <class T>
concept has_names = requires {
  { twinsocket_names(tag<T>()) } -> std::same_as<names<T>>;
};

template <class T>
constexpr std::string_view type_name_of() {
  if constexpr (has_names<T>) {
    return names<T>(twinsocket_names(tag<T>())).type_name();
  } else {
    // "... [with T = app::person; ...]" from g++, "... [T = app::person]" from clang.
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.find("T = ") + 4);
    name = name.substr(0, name.find_first_of(";]<"));
    return name.substr(name.rfind(':') + 1);
  }
}

template <class T, shape_kind Kind>
  requires(Kind == shape_kind::enumeration)
struct shape_maker<T, Kind> {
  static constexpr enumeration_shape make() {
    return {{Kind}, kind_of<std::underlying_type_t<T>>(), type_name_of<T>(), list};
  }

 private:
  template <template <class...> class List, class... Ds>
  static constexpr auto make_list(List<Ds...>) {
    std::array<enumerator, sizeof...(Ds)> made{enumerator{static_cast<std::int64_t>(Ds::value), Ds::name}...};
    if constexpr (has_names<T>) {
      constexpr names<T> given = twinsocket_names(tag<T>());
      for (std::size_t i = 0; i < made.size(); ++i)
        if (!given.words(i).name.empty()) made[i].name = given.words(i).name;
    }
    for (std::size_t i = 0; i < made.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (made[i].name == made[j].name) two_members_have_the_same_name();
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
              if constexpr (owning_pointer<T>) held = T(new inner());
              else held.emplace();
              return std::addressof(*held);
            },
            [](void* value) { static_cast<T*>(value)->reset(); }};
  }
};

template <class T>
struct shape_maker<T, shape_kind::list> {
  using element = typename T::value_type;
  // The elements of a std::vector<bool> have no address: they are read as copies, and written through the vector.
  static constexpr bool of_bits = !std::is_same_v<decltype(*std::declval<const T&>().begin()), const element&>;
  static_assert(!of_bits || std::is_same_v<element, bool>);
  static constexpr shape last_flag{shape_kind::last_flag};

  static constexpr list_shape make() {
    list_shape made{{shape_kind::list}, nullptr, any_number,
              [](const void* list) { return static_cast<std::size_t>(static_cast<const T*>(list)->size()); },
              [](const void* list, visitor<const void*> visit) {
                for (const element& each : *static_cast<const T*>(list))
                  if (!visit(std::addressof(each))) return false;
                return true;
              },
              nullptr, nullptr};
    if constexpr (of_bits) made.element = &last_flag;
    else made.element = &shape_of<element>::value;
    if constexpr (fixed_list<T>) {
      made.count = std::tuple_size<T>::value;
      made.clear = [](void*) {};
      made.add = [](void* list, std::size_t index) -> void* { return static_cast<T*>(list)->data() + index; };
    } else {
      made.clear = [](void* list) { static_cast<T*>(list)->clear(); };
      made.add = [](void* list, std::size_t) -> void* {
        T& growing = *static_cast<T*>(list);
        growing.emplace_back();
        if constexpr (of_bits) return list;
        else return std::addressof(growing.back());
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
            requires { typename T::key_compare; },
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
  if constexpr (kind == shape_kind::record || kind == shape_kind::enumeration || has_names<T>) return type_name_of<T>();
  else if constexpr (kind == shape_kind::string) return "string";
  else if constexpr (kind == shape_kind::bytes) return "bytes";
  else if constexpr (kind == shape_kind::boolean) return "bool";
  else if constexpr (kind == shape_kind::float32) return "float";
  else if constexpr (kind == shape_kind::float64) return "double";
  else if constexpr (std::is_integral_v<T>) {
    constexpr std::array<std::string_view, 8> widths{"int8",  "int16",  "int32",  "int64",
                                                     "uint8", "uint16", "uint32", "uint64"};
    return widths[static_cast<std::size_t>(kind) - static_cast<std::size_t>(shape_kind::int8)];
  } else if constexpr (kind == shape_kind::converted) return type_name_of<T>();
  else static_assert(kind == shape_kind::string, "an alternative of a variant needs a name: put it into a struct");
}

template <class... Ts>
struct shape_maker<std::variant<Ts...>, shape_kind::variant> {
  using T = std::variant<Ts...>;
  static constexpr variant_shape make() {
    for (std::size_t i = 0; i < list.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (list[i].name == list[j].name) two_members_have_the_same_name();
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
  static constexpr std::array<alternative, sizeof...(Ts)> list{alternative{alternative_name<Ts>(), &shape_of<Ts>::value}...};
};

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
            [](const void* value, visitor<const void*> use, [[maybe_unused]] std::string& refusal) {
              const auto& wire = wire_form<T>::to_wire(*static_cast<const T*>(value));
              if constexpr (std::is_same_v<decltype(wire), const result<wire_type>&>) {
                if (wire) return use(std::addressof(*wire));
                refusal = wire.error().detail();
                return false;
              } else {
                return use(std::addressof(wire));
              }
            },
            []() -> void* { return new wire_type(); },
            [](void* wire) { delete static_cast<wire_type*>(wire); },
            [](const void* wire, void* value, std::string& refusal) {
              auto made = wire_form<T>::from_wire(*static_cast<const wire_type*>(wire));
              if (made) *static_cast<T*>(value) = *std::move(made);
              else refusal = made.error().detail();
              return made.has_value();
            }};
  }
};

constexpr bool is_xml_name(std::string_view name) {
  const auto starts = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  if (name.empty() || !starts(name.front())) return false;
  for (const char c : name)
    if (!starts(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
  return true;
}

constexpr bool is_xml_path(std::string_view path) {
  for (;;) {
    const std::size_t end = path.find('>');
    if (!is_xml_name(path.substr(0, end))) return false;
    if (end == path.npos) return true;
    path.remove_prefix(end + 1);
  }
}

/// True when one XML path leads through the element of the other one, which could then be meant for both.
constexpr bool paths_collide(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.substr(0, a.size()) == a && a.size() < b.size() && b[a.size()] == '>';
}

template <class T>
struct shape_maker<T, shape_kind::record> {
  static constexpr record_shape make() {
    record_shape made{{shape_kind::record}, type_name_of<T>(), {}, list, false, {}};
    if (!is_xml_name(made.name)) made.not_xml = made.name;
    std::size_t contents = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const member_shape& member = list[i];
      for (std::size_t j = 0; j < i; ++j) {
        if (member.name == list[j].name || (member.form == list[j].form && member.xml_name == list[j].xml_name))
          two_members_have_the_same_name();
        if (member.form == member_form::element && list[j].form == member_form::element &&
            paths_collide(member.xml_name, list[j].xml_name))
          an_xml_path_leads_through_another_member();
      }
      if (member.form == member_form::content && ++contents > 1) only_one_member_can_be_the_content();
      if (member.form != member_form::element) made.text_or_attributes = true;
      if (!(member.form == member_form::element ? is_xml_path(member.xml_name) : is_xml_name(member.xml_name)))
        made.not_xml = member.xml_name;
    }
    return made;
  }

 private:
  template <class Class, class Member>
  static Class class_of(Member Class::*);
  template <class Class, class Member>
  static Member type_of(Member Class::*);

  // What an attribute, content or a number in a string can be, seen through std::optional and wire_form.
  template <class Member>
  static constexpr shape_kind single_kind() {
    constexpr shape_kind kind = kind_of<Member>();
    if constexpr (kind == shape_kind::optional) return single_kind<typename shape_maker<Member>::inner>();
    else if constexpr (kind == shape_kind::converted) return single_kind<typename shape_maker<Member>::wire_type>();
    else return kind;
  }

  template <class From>
  static constexpr void add_words(member_shape& made, const names<From>& given, auto pointer) {
    const std::size_t index = given.index_of(pointer);
    if (index == given.count) return;
    const member_words& words = given.words(index);
    if (!words.name.empty()) made.xml_name = made.name = words.name;
    if (!words.xml_name.empty()) made.xml_name = words.xml_name;
    if (!words.doc.empty()) made.doc = words.doc;
    if (words.form != member_form::element) made.form = words.form;
    made.omit_empty |= words.omit_empty;
    made.required |= words.required;
    made.as_string |= words.as_string;
  }

  template <class Descriptor>
  static constexpr member_shape make_member() {
    using owner = decltype(class_of(Descriptor::pointer));
    using member = decltype(type_of(Descriptor::pointer));
    member_shape made;
    made.name = made.xml_name = Descriptor::name;
    if constexpr (has_names<owner>) add_words(made, names<owner>(twinsocket_names(tag<owner>())), Descriptor::pointer);
    if constexpr (has_names<T> && !std::is_same_v<T, owner>)
      add_words(made, names<T>(twinsocket_names(tag<T>())), Descriptor::pointer);
    constexpr shape_kind single = single_kind<member>();
    if (made.form != member_form::element && single > shape_kind::enumeration)
      only_a_single_value_can_be_an_attribute_or_content();
    if (made.as_string && (single < shape_kind::boolean || single > shape_kind::float64))
      only_numbers_and_bools_can_be_written_as_string();
    made.type = &shape_of<member>::value;
    made.get = [](void* record) -> void* { return std::addressof(static_cast<T*>(record)->*Descriptor::pointer); };
    return made;
  }

  template <template <class...> class List, class... Descriptors>
  static constexpr auto make_list(List<Descriptors...>) {
    static_assert(sizeof...(Descriptors) <= max_members, "a described struct has at most 128 members");
    return std::array<member_shape, sizeof...(Descriptors)>{make_member<Descriptors>()...};
  }
  using parts = described_members<T>;
  static constexpr std::array<member_shape, boost::mp11::mp_size<parts>::value> list = make_list(parts());
};

}  // namespace twinsocket::detail

namespace twinsocket {

/// Types that our codecs can put on the wire.
template <class T>
concept described = detail::kind_of<T>() != detail::shape_kind::unsupported;

}  // namespace twinsocket
