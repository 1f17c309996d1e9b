#include "protocol/extensions.hpp"

#include "test.hpp"

using namespace twinsocket::detail;

namespace {

// The list in a form that is easy to compare: parameters in parentheses, values after "=".
std::string listed(std::string_view header_value) {
  std::vector<extension> list;
  if (!parse_extensions(header_value, list)) return "refused";
  std::string text;
  for (const extension& e : list) {
    text += (text.empty() ? "" : " ") + e.name + "(";
    for (std::size_t i = 0; i < e.parameters.size(); ++i)
      text += (i == 0 ? "" : " ") + e.parameters[i].name + (e.parameters[i].value ? "=" + *e.parameters[i].value : "");
    text += ")";
  }
  return text;
}

}  // namespace

TEST_CASE("parse_extensions() splits the list by the grammar of RFC 6455, section 9.1") {
  struct row {
    const char* header_value;
    const char* expected;
  };
  const auto r =
      GENERATE(row{"", ""}, row{"  ", ""}, row{"foo", "foo()"}, row{" foo ", "foo()"}, row{"foo, bar", "foo() bar()"},
               row{"foo,bar", "foo() bar()"}, row{",, foo,\t, bar,", "foo() bar()"}, row{"foo; a", "foo(a)"},
               row{"foo;a;b=1", "foo(a b=1)"}, row{"foo ; a = 1 ; b", "foo(a=1 b)"}, row{"foo; a=\"1\"", "foo(a=1)"},
               row{"foo; a=\"\\1\\0\"; b", "foo(a=10 b)"}, row{"foo; a=1, foo; a=2", "foo(a=1) foo(a=2)"},
               row{"foo; bar; baz=2, bar; bar; baz=\"2\"", "foo(bar baz=2) bar(bar baz=2)"});
  CAPTURE(r.header_value);
  CHECK(listed(r.header_value) == r.expected);
}

TEST_CASE("parse_extensions() rejects malformed lists") {
  const auto value =
      GENERATE("foo bar", "foo;", "foo;;a", "foo; =1", "foo; a=", "foo; a=;b", "foo; a=\"1", "foo; a=\"\"",
               "foo; a=\"1 2\"", "foo; a=\"1\\", "foo; a=\"1\\\"", "foo; a=\"1\"2", "=", ";", "foo=1", "f\xc3\xb6",
               "foo; a=1 2", "\"foo\"", "foo; \"a\"", "foo; a==1", "foo, ;", "foo\x01");
  CAPTURE(value);
  CHECK(listed(value) == "refused");
}
