#pragma once

// Described types that the codec tests share. tests/vectors/check.go has the same types in Go.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "twinsocket/chrono.hpp"
#include "twinsocket/describe.hpp"

namespace messages {

struct person {
  std::string name;
  std::vector<std::string> emails;
  bool operator==(const person&) const = default;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name"), (emails, "Emails"))

struct numbers {
  bool flag = false;
  std::int8_t i8 = 0;
  std::int16_t i16 = 0;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  float f32 = 0;
  double f64 = 0;
  bool operator==(const numbers&) const = default;
};
BOOST_DESCRIBE_STRUCT(numbers, (), (flag, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64))

enum class color : std::uint8_t { red, green, blue = 7 };
BOOST_DESCRIBE_ENUM(color, red, green, blue)
TWINSOCKET_NAMES(color, "Color", (blue, "deep blue"))

struct street {
  std::string name;
  std::optional<int> number;
  bool operator==(const street&) const = default;
};
BOOST_DESCRIBE_STRUCT(street, (), (name, number))

struct house {
  color paint = color::red;
  street at;
  std::optional<street> formerly;
  std::vector<person> people;
  std::array<double, 3> size{};
  std::map<std::string, std::int64_t> meters;
  bool operator==(const house&) const = default;
};
BOOST_DESCRIBE_STRUCT(house, (), (paint, at, formerly, people, size, meters))
TWINSOCKET_NAMES(house, "House")

/// A house with a value in every member.
inline house some_house() {
  house made;
  made.paint = color::blue;
  made.at.name = "M\xC3\xA9in";
  made.at.number = 5;
  made.formerly.emplace().name = "Old";
  made.people = {{"A", {"x", "y"}}, {}};
  made.size = {1, -2.5, 3e300};
  made.meters = {{"", 1}, {"x y", 2}};
  return made;
}

struct named {
  std::int64_t id = 0;
  bool operator==(const named&) const = default;
};
BOOST_DESCRIBE_STRUCT(named, (), (id))
TWINSOCKET_NAMES(named, "Named", (id, "Id", attribute))

struct article : named {
  std::string lang;
  std::string text;
  bool operator==(const article&) const = default;
};
BOOST_DESCRIBE_STRUCT(article, (named), (lang, text))
TWINSOCKET_NAMES(article, "Article", (lang, "Lang", attribute, omit_empty), (text, "Text", content))

struct letter {
  std::string first;
  std::string last;
  std::vector<std::string> lines;
  std::string note;
  std::optional<std::string> signature;
  bool operator==(const letter&) const = default;
};
BOOST_DESCRIBE_STRUCT(letter, (), (first, last, lines, note, signature))
TWINSOCKET_NAMES(letter, "Letter", (first, "First", xml_name("To>Name>First")),
                 (last, "Last", xml_name("To>Name>Last")), (lines, "Lines", xml_name("Body>Line")),
                 (note, "Note", omit_empty), (signature, "Signature", omit_empty, xml_name("End>Signature")))

struct tree {
  std::string name;
  std::vector<tree> branches;
  bool operator==(const tree&) const = default;
};
BOOST_DESCRIBE_STRUCT(tree, (), (name, branches))
TWINSOCKET_NAMES(tree, "Tree", (branches, omit_empty))

struct chain {
  int value = 0;
  std::unique_ptr<chain> next;
};
BOOST_DESCRIBE_STRUCT(chain, (), (value, next))

struct circle {
  double radius = 0;
  bool operator==(const circle&) const = default;
};
BOOST_DESCRIBE_STRUCT(circle, (), (radius))
TWINSOCKET_NAMES(circle, "Circle")

struct square {
  double side = 0;
  bool operator==(const square&) const = default;
};
BOOST_DESCRIBE_STRUCT(square, (), (side))
TWINSOCKET_NAMES(square, "Square")

using any_shape = std::variant<circle, square>;

struct drawing {
  any_shape outline;
  std::vector<any_shape> inside;
  std::vector<std::variant<std::string, int, bool>> labels;
  bool operator==(const drawing&) const = default;
};
BOOST_DESCRIBE_STRUCT(drawing, (), (outline, inside, labels))

struct lists {
  std::vector<std::vector<int>> rows;
  std::map<std::string, std::vector<std::string>> groups;
  std::vector<bool> flags;
  std::vector<std::byte> bytes;
  std::array<std::byte, 2> pair{};
  std::unordered_map<std::string, person> people;
  std::optional<std::vector<int>> maybe;
  bool operator==(const lists&) const = default;
};
BOOST_DESCRIBE_STRUCT(lists, (), (rows, groups, flags, bytes, pair, people, maybe))

struct strict {
  std::string must;
  std::int64_t exact = 0;
  bool flag = true;
  int maybe = 5;
  bool operator==(const strict&) const = default;
};
BOOST_DESCRIBE_STRUCT(strict, (), (must, exact, flag, maybe))
TWINSOCKET_NAMES(strict, "strict", (must, required), (exact, as_string), (flag, as_string),
                 (maybe, doc("Five unless told.")))

// A user-defined type that is encoded as a string of the form "51.5N".
struct latitude {
  double degrees = 0;
  bool operator==(const latitude&) const = default;
};

// Another one, which is encoded as a list.
struct dotted {
  std::vector<std::string> parts;
  bool operator==(const dotted&) const = default;
};

struct position {
  latitude at;
  std::vector<latitude> track;
  std::optional<latitude> goal;
  bool operator==(const position&) const = default;
};
BOOST_DESCRIBE_STRUCT(position, (), (at, track, goal))

struct names {
  dotted one;
  std::vector<dotted> more;
  std::map<std::string, dotted> keyed;
  std::optional<std::array<int, 2>> pair;
  bool operator==(const names&) const = default;
};
BOOST_DESCRIBE_STRUCT(names, (), (one, more, keyed, pair))

struct bytes {
  std::vector<std::byte> value;
};
BOOST_DESCRIBE_STRUCT(bytes, (), (value))
TWINSOCKET_NAMES(bytes, "bytes", (value, "bytes"))

struct times {
  std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds> at;
  std::chrono::nanoseconds wait{};
};
BOOST_DESCRIBE_STRUCT(times, (), (at, wait))

/// An enum with a negative value.
enum class phase : std::int8_t { before = -1, during = 3, after = 0 };
BOOST_DESCRIBE_ENUM(phase, before, during, after)
TWINSOCKET_NAMES(phase, type("Phase", doc("When it is.")), (before, doc("Not yet.")))

struct defaults {
  phase when = phase::during;
  std::uint64_t most = 18'446'744'073'709'551'615U;
  std::vector<std::int64_t> numbers{9'007'199'254'740'993, -1};
  std::optional<std::string> note = "none, yet";
  std::array<std::byte, 2> mark{std::byte{1}, std::byte{255}};
  std::map<std::string, double> weights{{"__proto__", -0.0}, {"a b", 0.1}};
  person owner{"Jan", {}};
  any_shape outline = square{2};
  std::chrono::duration<double> pause{0.5};
  bool operator==(const defaults&) const = default;
};
BOOST_DESCRIBE_STRUCT(defaults, (), (when, most, numbers, note, mark, weights, owner, outline, pause))
TWINSOCKET_NAMES(defaults, type("Defaults", doc("What is said when nothing is said.\nAnd */ more.")))

}  // namespace messages

template <>
struct twinsocket::wire_form<messages::latitude> {
  static std::string to_wire(const messages::latitude& from) {
    const auto tenths = static_cast<int>(from.degrees < 0 ? -from.degrees * 10 : from.degrees * 10);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + (from.degrees < 0 ? "S" : "N");
  }
  static twinsocket::result<messages::latitude> from_wire(const std::string& text) {
    const char last = text.empty() ? '\0' : text.back();
    if (last != 'N' && last != 'S')
      return twinsocket::error(twinsocket::errc::type_mismatch, "a latitude ends in N or S");
    const double degrees = std::stod(text);
    return messages::latitude{last == 'N' ? degrees : -degrees};
  }
};

template <>
struct twinsocket::wire_form<messages::dotted> {
  static const std::vector<std::string>& to_wire(const messages::dotted& from) { return from.parts; }
  static twinsocket::result<messages::dotted> from_wire(const std::vector<std::string>& parts) {
    if (parts.empty()) return twinsocket::error(twinsocket::errc::type_mismatch, "expected some parts");
    return messages::dotted{parts};
  }
};
