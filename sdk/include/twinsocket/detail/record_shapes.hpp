#pragma once

// The tables of structs: their members with the names and options of TWINSOCKET_NAMES, checked.

#include <array>
#include <boost/mp11/list.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "twinsocket/detail/shape_maker.hpp"

namespace twinsocket::detail {

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

/// True if one XML path passes through the element of the other one, which would then be ambiguous.
constexpr bool xml_paths_overlap(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.substr(0, a.size()) == a && a.size() < b.size() && b[a.size()] == '>';
}

// member_shape::json_head (RFC 8259 section 7).
constexpr std::uint64_t json_head_of(std::string_view name) {
  std::uint64_t head = 0;
  for (std::size_t i = name.size(); i-- > 0;) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') return 0;
    head = head << 8 | c;
  }
  return head;
}

template <class T>
struct shape_maker<T, shape_kind::record> {
  static constexpr record_shape make() {
    record_shape made{{shape_kind::record}, type_name_of<T>(), doc_of<T>(), list, {}, false, {}};
    if (!is_xml_name(made.name)) made.invalid_xml_name = made.name;
    check_names<T>();
    constexpr conflict found = find_conflict();
    static_assert(found != conflict::form, "only a single value can be an attribute or the content of an XML element");
    static_assert(found != conflict::as_string, "only numbers and bools can be written as_string");
    static_assert(found != conflict::names, "two members have the same name on the wire");
    static_assert(found != conflict::paths, "an XML path passes through the element of another member");
    static_assert(found != conflict::contents, "only one member can be the content of an XML element");
    for (std::size_t i = 0; i < list.size(); ++i)
      if (list[i].required) made.required.add(i);
    for (const member_shape& member : list) {
      if (member.form != member_form::element) made.has_non_elements = true;
      if (member.form == member_form::content) continue;
      if (!(member.form == member_form::element ? is_xml_path(member.xml_name) : is_xml_name(member.xml_name)))
        made.invalid_xml_name = member.xml_name;
    }
    return made;
  }

 private:
  enum class conflict { none, form, as_string, names, paths, contents };

  static constexpr conflict find_conflict() {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].form != member_form::element && scalar_kinds[i] > shape_kind::enumeration) return conflict::form;
      if (list[i].as_string && (scalar_kinds[i] < shape_kind::boolean || scalar_kinds[i] > shape_kind::float64))
        return conflict::as_string;
      for (std::size_t j = 0; j < i; ++j) {
        const member_shape& a = list[i];
        const member_shape& b = list[j];
        if (a.form == member_form::content && b.form == member_form::content) return conflict::contents;
        if (a.name == b.name || (a.form == b.form && a.xml_name == b.xml_name)) return conflict::names;
        if (a.form == member_form::element && b.form == member_form::element &&
            xml_paths_overlap(a.xml_name, b.xml_name))
          return conflict::paths;
      }
    }
    return conflict::none;
  }

  template <class Class, class Member>
  static Class class_of(Member Class::*);
  template <class Class, class Member>
  static Member type_of(Member Class::*);

  // The kind of a member as an attribute, as content or as a number in a string, seen through std::optional and
  // wire_form.
  template <class Member>
  static constexpr shape_kind scalar_kind() {
    constexpr shape_kind kind = kind_of<Member>();
    if constexpr (kind == shape_kind::optional)
      return scalar_kind<typename shape_maker<Member>::inner>();
    else if constexpr (kind == shape_kind::converted)
      return scalar_kind<typename shape_maker<Member>::wire_type>();
    else
      return kind;
  }

  template <class From>
  static constexpr void apply_options(member_shape& made, const names<From>& given, auto pointer) {
    const std::size_t index = given.index_of(pointer);
    if (index == given.count) return;
    const member_options& options = given.options(index);
    if (!options.name.empty()) made.xml_name = made.name = options.name;
    if (!options.xml_name.empty()) made.xml_name = options.xml_name;
    if (!options.doc.empty()) made.doc = options.doc;
    if (options.form != member_form::element) made.form = options.form;
    made.omit_empty |= options.omit_empty;
    made.required |= options.required;
    made.as_string |= options.as_string;
  }

  template <class Descriptor>
  static constexpr member_shape make_member() {
    using owner = decltype(class_of(Descriptor::pointer));
    using member = decltype(type_of(Descriptor::pointer));
    member_shape made;
    made.name = made.xml_name = Descriptor::name;
    if constexpr (has_names<owner>)
      apply_options(made, names<owner>(twinsocket_names(tag<owner>())), Descriptor::pointer);
    if constexpr (has_names<T> && !std::is_same_v<T, owner>)
      apply_options(made, names<T>(twinsocket_names(tag<T>())), Descriptor::pointer);
    made.json_head = json_head_of(made.name);
    made.type = &shape_of<member>::value;
    made.get = [](void* record) -> void* { return std::addressof(static_cast<T*>(record)->*Descriptor::pointer); };
    return made;
  }

  template <template <class...> class List, class... Descriptors>
  static constexpr auto make_list(List<Descriptors...>) {
    static_assert(sizeof...(Descriptors) <= max_members, "a described struct has at most 128 members");
    return std::array<member_shape, sizeof...(Descriptors)>{make_member<Descriptors>()...};
  }
  template <template <class...> class List, class... Descriptors>
  static constexpr auto make_scalar_kinds(List<Descriptors...>) {
    return std::array<shape_kind, sizeof...(Descriptors)>{scalar_kind<decltype(type_of(Descriptors::pointer))>()...};
  }
  using parts = described_members<T>;
  static constexpr std::array<shape_kind, boost::mp11::mp_size<parts>::value> scalar_kinds = make_scalar_kinds(parts());
  static constexpr std::array<member_shape, boost::mp11::mp_size<parts>::value> list = make_list(parts());
};

}  // namespace twinsocket::detail
