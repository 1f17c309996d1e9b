#pragma once

// The codec's access to a tree of JSON values of another library, nlohmann_json: a table of functions that is generated
// where the tree's type is known. So the compiled part of twinsocket contains none of that library's types, and each
// program may compile it with settings of its own (JSON_DIAGNOSTICS, JSON_NOEXCEPTION, other namespaces).

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

enum class tree_kind : std::uint8_t {
  null,
  boolean,
  integer,
  unsigned_integer,
  floating_point,
  string,
  array,
  object,
  other
};

/// A value, without the contents of an array or object.
struct tree_value {
  tree_kind kind = tree_kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::uint64_t unsigned_integer = 0;
  double floating_point = 0;
  std::string_view string{};
};

struct tree_access {
  tree_value (*read)(const void* value);
  bool (*each_element)(const void* array, visitor<const void*> visit);
  bool (*each_member)(const void* object, visitor<std::string_view, const void*> visit);
  /// Sets a value. An array or object is then empty.
  void (*set)(void* value, const tree_value& wanted);
  /// Appends a null and returns it.
  void* (*add_element)(void* array);
  /// Adds a null under `name` and returns it, or a null pointer if there is such a member already.
  void* (*add_member)(void* object, std::string_view name);
};

/// nlohmann::json, in any of its namespaces, with sorted objects, in which names are found fast.
template <class T>
concept json_tree = requires(const T& value) {
  typename T::template json_serializer<int, void>;
  typename T::object_t::value_compare;
  typename T::array_t;
  typename T::number_unsigned_t;
  { value.type() } -> std::same_as<typename T::value_t>;
};

template <json_tree T>
struct tree_access_for {
 private:
  using kinds = typename T::value_t;
  using array = typename T::array_t;
  using object = typename T::object_t;
  using text = typename T::string_t;

  template <class Part>
  static const Part& part(const void* value) {
    return *static_cast<const T*>(value)->template get_ptr<const Part*>();
  }

  static tree_value read(const void* value) {
    switch (static_cast<const T*>(value)->type()) {
      case kinds::null: return {};
      case kinds::boolean: return {.kind = tree_kind::boolean, .boolean = part<typename T::boolean_t>(value)};
      case kinds::number_integer:
        return {.kind = tree_kind::integer, .integer = part<typename T::number_integer_t>(value)};
      case kinds::number_unsigned:
        return {.kind = tree_kind::unsigned_integer, .unsigned_integer = part<typename T::number_unsigned_t>(value)};
      case kinds::number_float:
        return {.kind = tree_kind::floating_point, .floating_point = part<typename T::number_float_t>(value)};
      case kinds::string: return {.kind = tree_kind::string, .string = part<text>(value)};
      case kinds::array: return {.kind = tree_kind::array};
      case kinds::object: return {.kind = tree_kind::object};
      default: return {.kind = tree_kind::other};
    }
  }
  static bool each_element(const void* value, visitor<const void*> visit) {
    for (const T& element : part<array>(value))
      if (!visit(&element)) return false;
    return true;
  }
  static bool each_member(const void* value, visitor<std::string_view, const void*> visit) {
    for (const auto& [name, member] : part<object>(value))
      if (!visit(name, &member)) return false;
    return true;
  }
  static void set(void* value, const tree_value& wanted) {
    T& to = *static_cast<T*>(value);
    switch (wanted.kind) {
      case tree_kind::boolean: to = T(wanted.boolean); break;
      case tree_kind::integer: to = T(static_cast<typename T::number_integer_t>(wanted.integer)); break;
      case tree_kind::unsigned_integer:
        to = T(static_cast<typename T::number_unsigned_t>(wanted.unsigned_integer));
        break;
      case tree_kind::floating_point: to = T(static_cast<typename T::number_float_t>(wanted.floating_point)); break;
      case tree_kind::string: to = T(text(wanted.string)); break;
      case tree_kind::array: to = T(kinds::array); break;
      case tree_kind::object: to = T(kinds::object); break;
      default: to = T(nullptr); break;
    }
  }
  // Uses the tree's own functions, which maintain its pointers to parents (JSON_DIAGNOSTICS).
  static void* add_element(void* value) {
    T& to = *static_cast<T*>(value);
    to.push_back(T(nullptr));
    return &to.back();
  }
  static void* add_member(void* value, std::string_view name) {
    const auto added = static_cast<T*>(value)->emplace(typename object::key_type(name), nullptr);
    return added.second ? &*added.first : nullptr;
  }

 public:
  static constexpr tree_access access{read, each_element, each_member, set, add_element, add_member};
};

}  // namespace twinsocket::detail
