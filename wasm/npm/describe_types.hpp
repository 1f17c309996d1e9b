#pragma once

// Prints described types as JSON, from which make_package.mjs generates TypeScript. twinsocket_add_npm_package
// (twinsocket-npm.cmake) compiles it with the user's headers, for the build machine.

#include <array>
#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "twinsocket/describe.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket::npm {

/// A use of a type. Structs and enums are referred to by name.
struct type_reference {
  std::string kind;
  std::string name;                    ///< Name of a struct or an enum.
  std::string format;                  ///< Format of the output of a wire_form.
  std::optional<std::uint64_t> count;  ///< Fixed number of elements or bytes.
  std::vector<type_reference> of;      ///< Component types: of the elements, or each type of a variant.
  std::vector<std::string> names;      ///< Names of the types of a variant.
};
BOOST_DESCRIBE_STRUCT(type_reference, (), (kind, name, format, count, of, names))
TWINSOCKET_NAMES(type_reference, "TypeUse", (name, omit_empty), (format, omit_empty), (count, omit_empty),
                 (of, omit_empty), (names, omit_empty))

struct member_info {
  std::string name;
  std::string xml_name;  ///< Name in XML, if it differs.
  std::string doc;
  std::string form;  ///< "attribute" or "content", or empty for an element.
  bool omit_empty = false;
  bool required = false;
  bool as_string = false;
  std::string default_value;  ///< Default value as JSON, unless it is empty.
  type_reference type;
};
BOOST_DESCRIBE_STRUCT(member_info, (),
                      (name, xml_name, doc, form, omit_empty, required, as_string, default_value, type))
TWINSOCKET_NAMES(member_info, "Member", (xml_name, wire::omit_empty), (doc, wire::omit_empty), (form, wire::omit_empty),
                 (omit_empty, wire::omit_empty), (required, wire::omit_empty), (as_string, wire::omit_empty),
                 (default_value, wire::omit_empty))

struct enumerator_info {
  std::string name;
  std::string doc;
  bool zero = false;  ///< True if its value is 0.
};
BOOST_DESCRIBE_STRUCT(enumerator_info, (), (name, doc, zero))

/// A named type in TypeScript. A struct has `members`, an enum has `enumerators`, any other type has `type`.
struct named_type {
  std::string name;
  std::string doc;
  std::vector<member_info> members;
  std::vector<enumerator_info> enumerators;
  std::optional<type_reference> type;
};
BOOST_DESCRIBE_STRUCT(named_type, (), (name, doc, members, enumerators, type))

/// Collects named types, each with the types that it uses.
class type_collector {
 public:
  /// `name` is used for types that have no name on the wire.
  template <class T>
  void add(std::string_view name) {
    static_assert(detail::is_encodable<T>, "TYPES of an npm package must be types that a codec can encode");
    visit<T>();
    constexpr detail::shape_kind kind = detail::kind_of<T>();
    if constexpr (kind != detail::shape_kind::record && kind != detail::shape_kind::enumeration) {
      named_type made;
      made.name = name;
      made.type = make_reference(detail::shape_of<T>::value);
      types_.push_back(std::move(made));
    }
  }
  [[nodiscard]] const std::vector<named_type>& types() const { return types_; }

 private:
  template <class Shape>
  static const Shape& as(const detail::shape& type) {
    return static_cast<const Shape&>(type);
  }

  template <class T>
  void visit() {
    using detail::shape_kind;
    constexpr shape_kind kind = detail::kind_of<T>();
    if constexpr (kind == shape_kind::optional)
      visit<typename detail::shape_maker<T>::inner>();
    else if constexpr (kind == shape_kind::list)
      visit<typename T::value_type>();
    else if constexpr (kind == shape_kind::map)
      visit<typename T::mapped_type>();
    else if constexpr (kind == shape_kind::variant)
      boost::mp11::mp_for_each<boost::mp11::mp_transform<detail::tag, T>>(
          [this]<class Each>(detail::tag<Each>) { visit<Each>(); });
    else if constexpr (kind == shape_kind::converted)
      visit<typename detail::shape_maker<T>::wire_type>();
    else if constexpr (kind == shape_kind::enumeration || kind == shape_kind::record)
      if (is_new(&detail::shape_of<T>::value)) types_.push_back(describe<T>());
  }

  bool is_new(const detail::shape* type) {
    for (const detail::shape* each : seen_)
      if (each == type) return false;
    seen_.push_back(type);
    return true;
  }

  template <class T>
  requires(detail::kind_of<T>() == detail::shape_kind::enumeration) named_type describe() {
    const auto& type = detail::shape_of<T>::value;
    named_type made;
    made.name = type.name;
    made.doc = type.doc;
    for (const detail::enumerator& each : type.enumerators)
      made.enumerators.push_back({std::string(each.name), std::string(each.doc), each.value == 0});
    return made;
  }

  template <class T>
  requires(detail::kind_of<T>() == detail::shape_kind::record) named_type describe() {
    const auto& type = detail::shape_of<T>::value;
    named_type made;
    made.name = type.name;
    made.doc = type.doc;
    const T fresh{};
    boost::mp11::mp_for_each<detail::described_members<T>>([&]<class Descriptor>(Descriptor) {
      const detail::member_shape& member = type.members[made.members.size()];
      member_info text;
      text.name = member.name;
      if (member.xml_name != member.name) text.xml_name = member.xml_name;
      text.doc = member.doc;
      if (member.form == detail::member_form::attribute) text.form = "attribute";
      if (member.form == detail::member_form::content) text.form = "content";
      text.omit_empty = member.omit_empty;
      text.required = member.required;
      text.as_string = member.as_string;
      text.default_value = default_value(fresh.*Descriptor::pointer);
      text.type = make_reference(*member.type);
      made.members.push_back(std::move(text));
      visit<std::remove_cvref_t<decltype(fresh.*Descriptor::pointer)>>();
    });
    return made;
  }

  template <class Member>
  static std::string default_value(const Member& fresh) {
    const result<message> written = json.encode(fresh);
    if (!written) return {};  // for example an enum value without a name
    const result<message> empty = json.encode(Member());
    const bool is_empty = empty && empty->text() == written->text();
    return is_empty && !has_custom_form<Member>() ? std::string() : std::string(written->text());
  }
  /// True if a wire_form may write any default value.
  template <class Member>
  static constexpr bool has_custom_form() {
    if constexpr (detail::kind_of<Member>() == detail::shape_kind::converted)
      return true;
    else if constexpr (detail::fixed_size_list<Member> && detail::kind_of<Member>() == detail::shape_kind::list)
      return has_custom_form<typename Member::value_type>();
    else
      return false;
  }

  static type_reference make_reference(const detail::shape& type) {
    using detail::shape_kind;
    static constexpr std::array<std::string_view, 22> kinds{
        "",         "boolean", "boolean", "int8",    "int16",  "int32",    "int64", "uint8",
        "uint16",   "uint32",  "uint64",  "float32", "number", "string",   "bytes", "enum",
        "optional", "list",    "map",     "struct",  "oneOf",  "converted"};
    static_assert(static_cast<std::size_t>(shape_kind::converted) + 1 == kinds.size());
    type_reference made;
    made.kind = kinds[static_cast<std::size_t>(type.kind)];
    const auto set_count = [&made](std::size_t count) {
      if (count != detail::dynamic_count) made.count = count;
    };
    switch (type.kind) {
      case shape_kind::bytes: set_count(as<detail::bytes_shape>(type).count); break;
      case shape_kind::enumeration: made.name = as<detail::enumeration_shape>(type).name; break;
      case shape_kind::record: made.name = as<detail::record_shape>(type).name; break;
      case shape_kind::optional: made.of.push_back(make_reference(*as<detail::optional_shape>(type).inner)); break;
      case shape_kind::list:
        set_count(as<detail::list_shape>(type).count);
        made.of.push_back(make_reference(*as<detail::list_shape>(type).element));
        break;
      case shape_kind::map: made.of.push_back(make_reference(*as<detail::map_shape>(type).value)); break;
      case shape_kind::variant:
        for (const detail::alternative& each : as<detail::variant_shape>(type).alternatives) {
          made.names.emplace_back(each.name);
          made.of.push_back(make_reference(*each.type));
        }
        break;
      case shape_kind::converted:
        made.format = as<detail::converted_shape>(type).format;
        made.of.push_back(make_reference(*as<detail::converted_shape>(type).wire));
        break;
      default: break;
    }
    return made;
  }

  std::vector<const detail::shape*> seen_;
  std::vector<named_type> types_;
};

}  // namespace twinsocket::npm
