#include "sensors/split_words.hpp"

#include "test.hpp"

#include "result_text.hpp"

using twinsocket::errc;
using twinsocket::app::split_words;
using words = std::vector<std::string>;

TEST_CASE("split_words() splits a command line by shell quoting rules without expansion") {
  struct example {
    std::string_view line;
    words expected;
  };
  const example examples[] = {
      {"sensors", {"sensors"}},
      {"  sensors \t -u\n", {"sensors", "-u"}},
      {"echo 'a  b'", {"echo", "a  b"}},
      {"echo \"a  b\"", {"echo", "a  b"}},
      {"echo a\\ b", {"echo", "a b"}},
      {"echo 'it''s'", {"echo", "its"}},
      {"echo a'b'\"c\"d", {"echo", "abcd"}},
      {"echo '' \"\"", {"echo", "", ""}},
      {R"(echo 'a\n"b')", {"echo", R"(a\n"b)"}},
      {R"(echo "say \"hi\" \\ \n")", {"echo", R"(say "hi" \ \n)"}},
      {R"(echo "it's")", {"echo", "it's"}},
      {R"(echo \'\"\\)", {"echo", R"('"\)"}},
      {"echo $HOME * ~ `x`", {"echo", "$HOME", "*", "~", "`x`"}},
      {"curl http://x/?a=1&b=2", {"curl", "http://x/?a=1&b=2"}},
      {"echo '|' \">\" \\;", {"echo", "|", ">", ";"}},
      {"sh -c 'a | b > c'", {"sh", "-c", "a | b > c"}},
  };
  for (const example& e : examples) {
    INFO(e.line);
    const auto split = split_words(e.line);
    REQUIRE(split);
    REQUIRE(*split == e.expected);
  }
}

TEST_CASE("split_words() rejects empty and incomplete command lines with the reason") {
  struct example {
    std::string_view line;
    std::string_view detail;
  };
  const example examples[] = {
      {"", "the command \"\" is empty"},
      {" \t ", "the command \" \t \" is empty"},
      {"echo 'a", "the command \"echo 'a\" has an unclosed '"},
      {"echo \"a", "the command \"echo \"a\" has an unclosed \""},
      {R"(echo "a\")", R"(the command "echo "a\"" has an unclosed ")"},
      {"echo a\\", "the command \"echo a\\\" ends with a \\ that escapes nothing"},
  };
  for (const example& e : examples) {
    INFO(e.line);
    const auto split = split_words(e.line);
    REQUIRE_FALSE(split);
    REQUIRE(split.error() == errc::invalid_argument);
    REQUIRE(split.error().detail() == e.detail);
  }
  REQUIRE(split_words(std::string_view("echo \0 a", 8)).error().detail().find("NUL") != std::string::npos);
}

TEST_CASE("split_words() rejects shell operators") {
  for (const char* line : {"sensors | grep Core", "a && b", "a ; b", "sensors > file", "sensors &"}) {
    INFO(line);
    const auto split = split_words(line);
    REQUIRE_FALSE(split);
    REQUIRE(split.error().detail().find("not run by a shell") != std::string::npos);
    REQUIRE(split.error().detail().find("sh -c '...'") != std::string::npos);
  }
}
