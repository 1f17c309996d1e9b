#pragma once

// Describes a struct once, for every format. Boost.Describe lists the members. TWINSOCKET_NAMES gives their names on
// the wire, where these differ, and their options. Both are checked at compile time.
//
//   struct person {
//     std::string name;
//     std::vector<std::string> emails;
//   };
//   BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
//   TWINSOCKET_NAMES(person, "Person", (name, "Name"), (emails, "Emails", omit_empty))
//
// Members may be bool, integers, float, double, std::string, bytes (std::vector or std::array of std::byte), described
// enums and structs, std::optional, std::unique_ptr, sequences, std::array, maps with string keys, std::variant,
// durations and system_clock time points (chrono.hpp), and types of your own that have a wire_form.

#include "twinsocket/detail/cxx20.hpp"

#include <array>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "twinsocket/detail/shape.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket {

/// What may follow a member in TWINSOCKET_NAMES, in any order: its name as a string, and these options.
namespace wire {

/// The type of omit_empty.
struct omit_empty_option {};
/// Omits the member from the document when it is false, 0, "", without elements or without a value.
inline constexpr omit_empty_option omit_empty{};
/// The type of required.
struct required_option {};
/// A document without the member is an error. By default an absent member keeps the value of a new struct. In XML
/// lists, maps and optionals are never missing: an empty one has no element.
inline constexpr required_option required{};
/// The type of as_string.
struct as_string_option {};
/// JSON writes the number or bool as a string, so that JavaScript reads a 64-bit integer without loss of precision.
inline constexpr as_string_option as_string{};
/// The type of attribute.
struct attribute_option {};
/// An attribute in XML. No effect in JSON.
inline constexpr attribute_option attribute{};
/// The type of content.
struct content_option {};
/// The text between the tags in XML. No effect in JSON.
inline constexpr content_option content{};
/// Another name in XML only. `a>b` puts the element b into an element a.
struct xml_name {
  std::string_view name;  ///< A name, or several with ">" between them, the outermost first.
  constexpr explicit xml_name(std::string_view n) : name(n) {}
};
/// Documentation of a member, an enumerator or a type, for the generated types.
struct doc {
  std::string_view text;  ///< Sentences, which become the comment in TypeScript.
  constexpr explicit doc(std::string_view t) : text(t) {}
};
/// The name of a type with its documentation, instead of the name alone: `type("Person", doc("Somebody."))`.
struct type {
  std::string_view name;  ///< On the wire: the root element in XML, and the name in TypeScript.
  doc meaning;            ///< What the type is for.
  constexpr explicit type(std::string_view n, doc m) : name(n), meaning(m) {}
};

}  // namespace wire

namespace detail {

template <class T>
struct tag {};

template <class...>
inline constexpr bool always_false = false;
/// A string literal that can be a template argument.
template <std::size_t Size>
struct literal {
  char text[Size]{};
  constexpr literal(const char (&from)[Size]) {
    for (std::size_t i = 0; i < Size; ++i) text[i] = from[i];
  }
};
/// Stands for a member that does not exist.
template <literal Name>
struct no_member {};

template <class T>
using described_members =
    boost::describe::describe_members<T, static_cast<unsigned>(boost::describe::mod_any_access) |
                                             static_cast<unsigned>(boost::describe::mod_inherited)>;

template <class T>
concept described_record = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;
template <class T>
concept described_enumeration = boost::describe::has_describe_enumerators<T>::value;

template <class T>
constexpr auto described_parts() {
  if constexpr (std::is_enum_v<T>)
    return boost::describe::describe_enumerators<T>();
  else
    return described_members<T>();
}

// Not constexpr: a call during constant evaluation is the compile error, and the function's name is its text.
inline void duplicate_member_name() {}

/// The error in TWINSOCKET_NAMES.
enum class names_error { none, unknown, empty };

/// The options of one member in TWINSOCKET_NAMES.
struct member_options {
  std::string_view name;
  std::string_view xml_name;
  std::string_view doc;
  member_form form = member_form::element;
  bool omit_empty = false;
  bool required = false;
  bool as_string = false;
  names_error error = names_error::none;

  constexpr void apply(std::string_view wire_name) {
    if (wire_name.empty()) error = names_error::empty;
    name = wire_name;
  }
  constexpr void apply(wire::xml_name option) {
    if (option.name.empty()) error = names_error::empty;
    xml_name = option.name;
  }
  constexpr void apply(wire::doc option) { doc = option.text; }
  constexpr void apply(wire::omit_empty_option) { omit_empty = true; }
  constexpr void apply(wire::required_option) { required = true; }
  constexpr void apply(wire::as_string_option) { as_string = true; }
  constexpr void apply(wire::attribute_option) { form = member_form::attribute; }
  constexpr void apply(wire::content_option) { form = member_form::content; }
};

}  // namespace detail

/// The names of a struct or an enum on the wire. TWINSOCKET_NAMES generates them, or you return them from a function
/// that argument-dependent lookup finds: `constexpr auto twinsocket_names(twinsocket::detail::tag<person>)`.
template <class T>
class names {
 public:
  /// List of Boost.Describe's descriptors: of the members with the inherited ones, or of the enumerators.
  using parts = decltype(detail::described_parts<T>());
  static constexpr std::size_t count = boost::mp11::mp_size<parts>::value;  ///< Number of members or enumerators.

  /// `type_name` is the root element of the struct in XML, and its name in TypeScript.
  constexpr explicit names(std::string_view type_name) : type_name_(type_name) {
    if (type_name.empty()) error_ = detail::names_error::empty;
  }
  constexpr explicit names(wire::type named) : names(named.name) { doc_ = named.meaning.text; }

  /// Sets the options of one member, given as `&person::name`, or of one enumerator, given as `color::red`.
  template <class Part, class... Options>
  constexpr names& set(Part part, Options... options) {
    const std::size_t index = index_of(part, parts());
    if (index == count) {
      error_ = detail::names_error::unknown;
      return *this;
    }
    (options_[index].apply(options), ...);
    if (options_[index].error != detail::names_error::none) error_ = options_[index].error;
    return *this;
  }
  /// Not in the macro, where g++ would print hundreds of lines.
  template <detail::literal Name, class... Options>
  constexpr names& set(detail::no_member<Name>, Options...) {
    static_assert(detail::always_false<detail::no_member<Name>>, "TWINSOCKET_NAMES names a member that does not exist");
    return *this;
  }

  /// For the codecs, which report it at compile time: the mistake in the list of names.
  [[nodiscard]] constexpr detail::names_error error() const { return error_; }
  [[nodiscard]] constexpr std::string_view type_name() const { return type_name_; }  ///< On the wire.
  [[nodiscard]] constexpr std::string_view doc() const { return doc_; }  ///< Of the type; "" if it has none.
  /// For the codecs: the options of the member or enumerator at this position, less than `count`.
  [[nodiscard]] constexpr const detail::member_options& options(std::size_t index) const { return options_[index]; }

  /// The position of a member or enumerator in the description, or `count` if it is not there.
  template <class Part>
  [[nodiscard]] static constexpr std::size_t index_of(Part part) {
    return index_of(part, parts());
  }

 private:
  template <class Part, template <class...> class List, class... Descriptors>
  static constexpr std::size_t index_of(Part part, List<Descriptors...>) {
    std::size_t index = 0;
    (void)((is<Descriptors>(part) || (++index, false)) || ...);
    return index;
  }
  template <class Descriptor, class Part>
  static constexpr bool is(Part part) {
    if constexpr (std::is_enum_v<T>)
      return Descriptor::value == part;
    else if constexpr (std::is_same_v<std::remove_cv_t<decltype(Descriptor::pointer)>, Part>)
      return Descriptor::pointer == part;
    else
      return false;
  }

  std::string_view type_name_;
  std::string_view doc_;
  detail::names_error error_ = detail::names_error::none;
  std::array<detail::member_options, count> options_{};
};

/// Represents a type of your own as another type on the wire. Specialise it with two functions,
///
///   template <> struct twinsocket::wire_form<uuid> {
///     static std::string to_wire(const uuid& id);
///     static twinsocket::result<uuid> from_wire(const std::string& text);
///   };
///
/// where the wire type is any type that can be on the wire itself. to_wire may return a result too. Error messages show
/// the detail of an error, or else the text of its code, after the path of the member.
/// `static constexpr std::string_view format` may name the wire form for the generated types, in the terms of JSON
/// Schema: "uuid".
template <class T>
struct wire_form {};

}  // namespace twinsocket

/// Names a struct or enum on the wire, and each member that needs another name or options of twinsocket::wire. Write it
/// after the description, in the same namespace. Members that are not listed keep their C++ names. Members of a base
/// are named with the base.
#define TWINSOCKET_NAMES(TYPE, NAME, ...)                                              \
  constexpr auto twinsocket_names [[maybe_unused]] (::twinsocket::detail::tag<TYPE>) { \
    using namespace ::twinsocket::wire;                                                \
    [[maybe_unused]] constexpr ::twinsocket::detail::tag<TYPE> twinsocket_type{};      \
    ::twinsocket::names<TYPE> twinsocket_list(NAME);                                   \
    __VA_OPT__(TWINSOCKET_DETAIL_REPEAT(TWINSOCKET_DETAIL_EACH(__VA_ARGS__)))          \
    return twinsocket_list;                                                            \
  }

// A member is `&T::name`, an enumerator `T::name`. Only inside a template may the other form be ill-formed.
#define TWINSOCKET_DETAIL_SET(MEMBER, ...)                              \
  twinsocket_list.set(                                                  \
      []<class twinsocket_t>(::twinsocket::detail::tag<twinsocket_t>) { \
        if constexpr (!requires { twinsocket_t::MEMBER; })              \
          return ::twinsocket::detail::no_member<#MEMBER>();            \
        else if constexpr (::std::is_enum_v<twinsocket_t>)              \
          return twinsocket_t::MEMBER;                                  \
        else                                                            \
          return &twinsocket_t::MEMBER;                                 \
      }(twinsocket_type),                                               \
      __VA_ARGS__);

#define TWINSOCKET_DETAIL_EACH(ITEM, ...) \
  TWINSOCKET_DETAIL_SET ITEM __VA_OPT__(TWINSOCKET_DETAIL_NEXT TWINSOCKET_DETAIL_NONE(__VA_ARGS__))
#define TWINSOCKET_DETAIL_NEXT() TWINSOCKET_DETAIL_EACH
#define TWINSOCKET_DETAIL_NONE ()
// Each level rescans its argument four times, which is enough for 128 members.
#define TWINSOCKET_DETAIL_REPEAT(...) \
  TWINSOCKET_DETAIL_REPEAT3(TWINSOCKET_DETAIL_REPEAT3(TWINSOCKET_DETAIL_REPEAT3(__VA_ARGS__)))
#define TWINSOCKET_DETAIL_REPEAT3(...) \
  TWINSOCKET_DETAIL_REPEAT2(TWINSOCKET_DETAIL_REPEAT2(TWINSOCKET_DETAIL_REPEAT2(__VA_ARGS__)))
#define TWINSOCKET_DETAIL_REPEAT2(...) \
  TWINSOCKET_DETAIL_REPEAT1(TWINSOCKET_DETAIL_REPEAT1(TWINSOCKET_DETAIL_REPEAT1(__VA_ARGS__)))
#define TWINSOCKET_DETAIL_REPEAT1(...) \
  TWINSOCKET_DETAIL_REPEAT0(TWINSOCKET_DETAIL_REPEAT0(TWINSOCKET_DETAIL_REPEAT0(__VA_ARGS__)))
#define TWINSOCKET_DETAIL_REPEAT0(...) __VA_ARGS__
