#pragma once

// A command line cut into words without a shell.

#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

/// Cuts `line` into words at blanks, tabs and line ends.
///   'text'   is taken as it is, up to the next '
///   "text"   is taken as it is, but for \" and \\, which stand for " and \ there
///   \c       outside of quotes stands for the character c, whatever it is
/// Quoted and bare pieces that touch make one word, and '' is an empty word. Nothing else is special: no variables, no
/// wildcards, no pipes. A bare word made of | & ; < > alone, as one writes for a shell, is refused rather than passed to
/// the command; so is an open quote, a \ at the end, a NUL character, and a line with no word in it.
[[nodiscard]] result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace twinsocket::app
