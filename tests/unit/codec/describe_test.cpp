#include "twinsocket/describe.hpp"

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/detail/function_name.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using twinsocket::json;
using twinsocket::xml;
using twinsocket::detail::shape_of;

namespace {

// Private members are described inside the class and named by a friend.
class account {
 public:
  account() = default;
  explicit account(int number) : number_(number) {}
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_ = 0;
  BOOST_DESCRIBE_CLASS(account, (), (), (), (number_))
  friend TWINSOCKET_NAMES(account, "Account", (number_, "Number"))
};

struct left {
  int a = 1;
};
BOOST_DESCRIBE_STRUCT(left, (), (a))
TWINSOCKET_NAMES(left, "left", (a, "A"))
struct right {
  int b = 2;
};
BOOST_DESCRIBE_STRUCT(right, (), (b))
struct both : left, right {
  int c = 3;
};
BOOST_DESCRIBE_STRUCT(both, (left, right), (c))
TWINSOCKET_NAMES(both, "both", (b, "B"), (c, "C"))

struct silent_child : left {};
BOOST_DESCRIBE_STRUCT(silent_child, (left), ())

struct empty {};
BOOST_DESCRIBE_STRUCT(empty, (), ())

// Names written by hand, without a macro.
struct by_hand {
  int x = 0;
  int y = 0;
};
BOOST_DESCRIBE_STRUCT(by_hand, (), (x, y))
constexpr auto twinsocket_names(twinsocket::detail::tag<by_hand>) {
  return twinsocket::names<by_hand>("ByHand").set(&by_hand::x, "X").set(&by_hand::y, twinsocket::wire::xml_name("Y"));
}

enum plain { one, two = -2 };
BOOST_DESCRIBE_ENUM(plain, one, two)

template <class T>
struct boxed {
  T value{};
};
BOOST_DESCRIBE_STRUCT(boxed<int>, (), (value))

struct wide {
  int a01, a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20;
};
BOOST_DESCRIBE_STRUCT(wide, (),
                      (a01, a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19,
                       a20))
TWINSOCKET_NAMES(wide, "wide", (a01, "b01"), (a02, "b02"), (a03, "b03"), (a04, "b04"), (a05, "b05"), (a06, "b06"),
                 (a07, "b07"), (a08, "b08"), (a09, "b09"), (a10, "b10"), (a11, "b11"), (a12, "b12"), (a13, "b13"),
                 (a14, "b14"), (a15, "b15"), (a16, "b16"), (a17, "b17"), (a18, "b18"), (a19, "b19"), (a20, "b20"))

}  // namespace

TEST_CASE("private members can be described and renamed") {
  REQUIRE(written(json, account(5)) == R"({"Number":5})");
  REQUIRE(read<account>(json, R"({"Number":7})")->number() == 7);
}

TEST_CASE("inherited members keep the names of the base unless the derived struct renames them") {
  REQUIRE(written(json, both{}) == R"({"A":1,"B":2,"C":3})");
  REQUIRE(written(json, silent_child{}) == R"({"A":1})");
  REQUIRE(written(xml, silent_child{}) == "<silent_child><A>1</A></silent_child>");
  const auto value = read<both>(json, R"({"C":6,"B":5,"A":4})");
  REQUIRE(value->a == 4);
  REQUIRE(value->b == 5);
  REQUIRE(value->c == 6);
}

TEST_CASE("a struct without members is encoded and decoded") {
  REQUIRE(written(json, empty{}) == "{}");
  REQUIRE(written(xml, empty{}) == "<empty></empty>");
  REQUIRE(read<empty>(json, R"({"a":[]})").has_value());
  REQUIRE(decode_error<empty>(json.disallow_unknown(), R"({"a":[]})") == "the member \"a\" is not known at byte 1");
}

TEST_CASE("twinsocket_names() can be written by hand instead of with the macro") {
  REQUIRE(written(json, by_hand{1, 2}) == R"({"X":1,"y":2})");
  REQUIRE(written(xml, by_hand{1, 2}) == "<ByHand><X>1</X><Y>2</Y></ByHand>");
}

TEST_CASE("unscoped enums and class templates can be described") {
  REQUIRE(written(json, std::vector<plain>{one, two}) == R"(["one","two"])");
  REQUIRE(*read<plain>(json, "\"two\"") == two);
  REQUIRE(written(xml, boxed<int>{5}) == "<boxed><value>5</value></boxed>");
}

TEST_CASE("TWINSOCKET_NAMES accepts 20 members") {
  const std::string document =
      written(json, wide{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
  REQUIRE(document.substr(0, 8) == R"({"b01":1)");
  REQUIRE(document.substr(document.size() - 9) == R"("b20":20})");
  REQUIRE(read<wide>(json, document)->a20 == 20);
}

TEST_CASE("shape_of holds the names, docs and kinds of members for code generators") {
  const auto& table = shape_of<messages::strict>::value;
  REQUIRE(table.name == "strict");
  REQUIRE(table.members.size() == 4);
  REQUIRE(table.members[0].required);
  REQUIRE(table.members[1].as_string);
  REQUIRE(table.members[3].doc == "Five unless told.");
  REQUIRE(table.members[3].type->kind == twinsocket::detail::shape_kind::int32);
  REQUIRE(shape_of<messages::color>::value.name == "Color");
}

TEST_CASE("docs of a type, its members and its enumerators are in shape_of") {
  REQUIRE(shape_of<messages::defaults>::value.doc == "What is said when nothing is said.\nAnd */ more.");
  REQUIRE(shape_of<messages::person>::value.doc.empty());
  const auto& phase = shape_of<messages::phase>::value;
  REQUIRE(phase.name == "Phase");
  REQUIRE(phase.doc == "When it is.");
  REQUIRE(phase.enumerators[0].doc == "Not yet.");
  REQUIRE(phase.enumerators[1].doc.empty());
}

TEST_CASE("shape_of holds the fixed number of bytes and the format of date-times") {
  REQUIRE(shape_of<std::array<std::byte, 2>>::value.count == 2);
  REQUIRE(shape_of<std::vector<std::byte>>::value.count == twinsocket::detail::dynamic_count);
  REQUIRE(shape_of<std::chrono::system_clock::time_point>::value.format == "date-time");
  REQUIRE(shape_of<messages::latitude>::value.format.empty());
}

TEST_CASE("the name of a type is found in the text that each compiler has for the function") {
  using twinsocket::detail::type_name_in;
  const auto [text, name] = GENERATE(table<std::string_view, std::string_view>({
      {"constexpr std::string_view twinsocket::detail::type_name_of() [with T = app::person; std::string_view = "
       "std::basic_string_view<char>]",
       "person"},
      {"constexpr std::string_view twinsocket::detail::type_name_of() [with T = {anonymous}::pair_of<int>]", "pair_of"},
      {"std::string_view twinsocket::detail::type_name_of() [T = (anonymous namespace)::person]", "person"},
      {"std::string_view twinsocket::detail::type_name_of() [T = person]", "person"},
      {"class std::basic_string_view<char,struct std::char_traits<char> > __cdecl "
       "twinsocket::detail::type_name_of<struct app::person>(void)",
       "person"},
      {"class std::basic_string_view<char,struct std::char_traits<char> > __cdecl "
       "twinsocket::detail::type_name_of<enum color>(void)",
       "color"},
      {"class std::basic_string_view<char,struct std::char_traits<char> > __cdecl "
       "twinsocket::detail::type_name_of<class `anonymous-namespace'::pair_of<int> >(void)",
       "pair_of"},
  }));
  CAPTURE(text);
  CHECK(type_name_in(text) == name);
}
