#pragma once

// The representation of a type on the wire, as constant tables. shape_of.hpp makes them from the types at compile time.
// Every codec reads them at run time, and so is compiled once and not once per type. Immutable; readable from any
// thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace twinsocket::detail {

enum class shape_kind : std::uint8_t {
  unsupported,
  boolean,
  vector_bool_back,  ///< The last element of a std::vector<bool>, reached through the vector.
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  string,
  bytes,
  enumeration,
  optional,
  list,
  map,
  record,
  variant,
  converted,
};

/// The base of all shapes. Its kind says to which of the types below a reference may be cast.
struct shape {
  shape_kind kind = shape_kind::unsupported;
};

/// A non-owning reference to a function object. It returns false to stop the iteration.
template <class... Arguments>
class visitor {
 public:
  template <class Function>
  requires(!std::is_same_v<std::remove_cv_t<Function>, visitor>) visitor(Function& function)
      : function_(std::addressof(function)), call_([](void* called, Arguments... arguments) -> bool {
          return (*static_cast<Function*>(called))(arguments...);
        }) {}
  bool operator()(Arguments... arguments) const { return call_(function_, arguments...); }

 private:
  void* function_;
  bool (*call_)(void* called, Arguments... arguments);
};

inline constexpr std::size_t dynamic_count = static_cast<std::size_t>(-1);

struct bytes_shape : shape {
  std::size_t count;  ///< The required number of bytes, or dynamic_count.
  std::span<const std::byte> (*view)(const void* value);
  /// Resizes to `size` bytes and returns a pointer to them; null if the type cannot hold that many.
  std::byte* (*resize)(void* value, std::size_t size);
};

struct enumerator {
  std::int64_t value;
  std::string_view name;
  std::string_view doc;
};

struct enumeration_shape : shape {
  shape_kind underlying;
  std::string_view name;
  std::string_view doc;
  std::span<const enumerator> enumerators;
};

/// std::optional and owning pointers.
struct optional_shape : shape {
  const shape* inner;
  const void* (*get)(const void* value);
  void* (*emplace)(void* value);
  void (*reset)(void* value);
};

struct list_shape : shape {
  const shape* element;
  std::size_t count;  ///< The required number of elements, or dynamic_count.
  std::size_t (*size)(const void* list);
  bool (*each)(const void* list, visitor<const void*> visit);
  void (*clear)(void* list);
  /// Adds the element at `index`, which is the present size, and returns it. If `count` is fixed, returns the existing
  /// element.
  void* (*add)(void* list, std::size_t index);
};

struct map_shape : shape {
  const shape* value;
  bool sorted;  ///< The map's own order is written. The keys of other maps are sorted before they are written.
  std::size_t (*size)(const void* map);
  bool (*each)(const void* map, visitor<std::string_view, const void*> visit);
  void (*clear)(void* map);
  /// Inserts a new value under `key` and returns it; null if the key exists already.
  void* (*insert)(void* map, std::string_view key);
};

/// How a member is represented in a document.
enum class member_form : std::uint8_t {
  element,    ///< A value of its own.
  attribute,  ///< An attribute in XML.
  content,    ///< The text between the tags in XML.
};

struct member_shape {
  std::string_view name;      ///< The key in JSON.
  std::string_view xml_name;  ///< The element or attribute in XML; `a>b` is an element b within an element a.
  std::string_view doc;       ///< The user's documentation.
  member_form form = member_form::element;
  bool omit_empty = false;
  bool required = false;
  bool as_string = false;
  /// The first eight bytes of the name, the first one lowest. 0 if the name does not stand for itself in a JSON string.
  std::uint64_t json_head = 0;
  const shape* type = nullptr;
  void* (*get)(void* record) = nullptr;
};

/// Maximum number of members of a described struct, including those of its bases.
inline constexpr std::size_t max_members = 128;

/// Some of the members of a struct.
class member_set {
 public:
  [[nodiscard]] constexpr bool has(std::size_t index) const { return words_[index / 64] >> index % 64 & 1; }
  constexpr void add(std::size_t index) { words_[index / 64] |= std::uint64_t{1} << index % 64; }
  [[nodiscard]] constexpr bool includes(const member_set& other) const {
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) missing |= other.words_[i] & ~words_[i];
    return missing == 0;
  }

 private:
  std::array<std::uint64_t, max_members / 64> words_{};
};

struct record_shape : shape {
  std::string_view name;
  std::string_view doc;
  std::span<const member_shape> members;
  member_set required;
  bool has_non_elements;              ///< True if some member is not an element.
  std::string_view invalid_xml_name;  ///< A name that XML does not allow, or "".
};

struct alternative {
  std::string_view name;
  const shape* type;
};

struct variant_shape : shape {
  std::span<const alternative> alternatives;
  std::size_t (*index)(const void* value);
  const void* (*get)(const void* value);
  void* (*emplace)(void* value, std::size_t index);
};

/// A type that is represented as another one: wire_form in describe.hpp.
struct converted_shape : shape {
  const shape* wire;
  std::string_view format;
  /// Calls `use` with the value's wire form, or sets `refusal` to the reason why there is none.
  bool (*to_wire)(const void* value, visitor<const void*> use, std::string& refusal);
  void* (*make_wire)();
  void (*destroy_wire)(void* wire);
  /// Sets `value`, or sets `refusal` to the reason of the failure.
  bool (*from_wire)(const void* wire, void* value, std::string& refusal);
};

}  // namespace twinsocket::detail
