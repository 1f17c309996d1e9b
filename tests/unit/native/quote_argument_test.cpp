#include "platform/quote_argument.hpp"

#include "test.hpp"

using twinsocket::app::quote_argument;

TEST_CASE("quote_argument() leaves plain words as they are") {
  for (const char* const word : {"a", "--flag=1", "C:\\folder\\file", "a\\", "caf\u00e9", "%PATH%", "a&b"})
    CHECK(quote_argument(word) == word);
}

TEST_CASE("quote_argument() quotes spaces, and escapes quotes and the backslashes before them") {
  CHECK(quote_argument("") == R"("")");
  CHECK(quote_argument("a b") == R"("a b")");
  CHECK(quote_argument("a\tb") == "\"a\tb\"");
  CHECK(quote_argument(R"(a"b)") == R"("a\"b")");
  CHECK(quote_argument(R"(a\"b)") == R"("a\\\"b")");
  CHECK(quote_argument(R"(a b\)") == R"("a b\\")");
  CHECK(quote_argument(R"(C:\a b\c)") == R"("C:\a b\c")");
}
