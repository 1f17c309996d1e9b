#pragma once

// Splits a command line into words without a shell.

#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

/// Splits `line` into words at blanks, tabs and line ends.
///   'text'   literal text up to the next '
///   "text"   literal text, except that \" and \\ stand for a quotation mark and a backslash
///   \c       outside of quotes, the literal character c
/// Adjacent quoted and bare pieces form one word; '' is an empty word. There are no variables, wildcards or pipes. Fails
/// with errc::invalid_argument for a bare word that consists of | & ; < > only (a shell operator, most likely a mistake),
/// an unclosed quote, a \ at the end, a NUL character, and a line without words.
[[nodiscard]] result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace twinsocket::app
