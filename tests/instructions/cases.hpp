#pragma once

// What the programs of this folder say of themselves.

#include <algorithm>
#include <boost/config.hpp>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>

#if defined(__clang__)
inline constexpr char compiler[] = "clang";
#else
inline constexpr char compiler[] = "g++ " BOOST_STRINGIZE(__GNUC__);
#endif

/// Prints the names of the cases and how the program was built, as JSON.
template <class Case, std::size_t Size>
void print_cases(const Case (&cases)[Size]) {
  std::printf("{\"compiler\": \"%s\", \"build\": \"%s\", \"cases\": [", compiler, BUILD_TYPE);
  for (const Case& one : cases) std::printf("%s\"%s\"", &one == cases ? "" : ", ", std::string(one.name).c_str());
  std::printf("]}\n");
}

/// Returns null if there is no case of that name.
template <class Case, std::size_t Size>
[[nodiscard]] const Case* find_case(const Case (&cases)[Size], std::string_view name) {
  const Case* const found =
      std::find_if(std::begin(cases), std::end(cases), [&](const Case& one) { return one.name == name; });
  return found == std::end(cases) ? nullptr : found;
}
