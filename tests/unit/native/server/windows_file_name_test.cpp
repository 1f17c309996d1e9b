#include "platform/windows_file_name.hpp"

#include "test.hpp"

#include <string>

using twinsocket::detail::is_windows_file_name;

TEST_CASE("is_windows_file_name() accepts names of files") {
  for (const char* const name : {"index.html",
                                 "a",
                                 "a b.txt",
                                 ".hidden",
                                 "..a",
                                 "console.txt",
                                 "CONX",
                                 "nul2",
                                 "com",
                                 "com10",
                                 "COMMON",
                                 "lpt",
                                 "aux-file.js",
                                 "caf\u00e9.txt",
                                 "~",
                                 "a~",
                                 "~a",
                                 "a~1b.txt",
                                 "longer-name~1.txt",
                                 "photo~1.jpeg",
                                 "a~1.b.c"})
    CHECK(is_windows_file_name(name));
}

TEST_CASE("is_windows_file_name() refuses the names of devices, with any extension and in any case") {
  for (const std::string device : {"CON", "con", "PRN", "Aux", "NUL", "nul", "COM0", "com1", "COM9", "LPT1", "lpt9",
                                   "CONIN$", "conout$", "CLOCK$", "COM\u00b9", "LPT\u00b3"})
    for (const char* const end : {"", ".txt", ".tar.gz", " .txt", "  .a"})
      CHECK_FALSE(is_windows_file_name(device + end));
}

TEST_CASE("is_windows_file_name() refuses streams, separators, drives and other characters that no name has") {
  for (const std::string name : {"a.txt:stream", "a.txt::$DATA", ":a", "C:", "c:a", "a\\b", "a/b", "..\\a", "a<b",
                                 "a>b", "a|b", "a?b", "a*b", "a\"b", "a\tb", "a\x01", "\n", ""})
    CHECK_FALSE(is_windows_file_name(name));
  CHECK_FALSE(is_windows_file_name(std::string("a\0b", 3)));
}

TEST_CASE("is_windows_file_name() refuses names that lose their last character") {
  for (const char* const name : {".", "..", "...", "a.", "a.txt.", "a ", "a.txt ", " ", "a. ."})
    CHECK_FALSE(is_windows_file_name(name));
}

TEST_CASE("is_windows_file_name() refuses short names") {
  for (const char* const name : {"PROGRA~1", "progra~2", "A~1", "~1", "ABCDE~10", "LONGFI~1.TXT", "a~1.htm", "a~12.c"})
    CHECK_FALSE(is_windows_file_name(name));
}
