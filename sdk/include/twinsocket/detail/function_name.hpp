#pragma once

// The name of a type from the text that a compiler has for the function template that the type is an argument of.

#include "twinsocket/detail/cxx20.hpp"

#include <string_view>

/// The running function with its template arguments, in the form of the compiler.
#if defined(_MSC_VER) && !defined(__clang__)
#define TWINSOCKET_DETAIL_FUNCTION_NAME __FUNCSIG__
#else
#define TWINSOCKET_DETAIL_FUNCTION_NAME __PRETTY_FUNCTION__
#endif

namespace twinsocket::detail {

/// The type T without its namespace, in the text of `constexpr std::string_view type_name_of<T>()`:
/// "... type_name_of() [with T = app::person; ...]" from g++, "... type_name_of() [T = app::person]" from clang,
/// "... type_name_of<struct app::person>(void)" from Visual C++.
[[nodiscard]] constexpr std::string_view type_name_in(std::string_view function) noexcept {
  constexpr std::string_view equals = "T = ", bracket = "type_name_of<";
  if (const auto at = function.find(equals); at != function.npos)
    function.remove_prefix(at + equals.size());
  else
    function.remove_prefix(function.find(bracket) + bracket.size());
  const std::string_view name = function.substr(0, function.find_first_of(";]<>"));
  return name.substr(name.find_last_of(": ") + 1);
}

}  // namespace twinsocket::detail
