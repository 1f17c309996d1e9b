#pragma once

// The names and values of the enumerators of an enum, as the compiler knows them. For print_abi.cpp only.

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace twinsocket::detail {

struct enumerator {
  std::string_view name;
  int value;
};

/// The name of an enumerator; "" if none has this value. g++ and clang print the value of a template argument by its name,
/// or as a cast: "(twinsocket::errc)99".
template <auto Value>
[[nodiscard]] constexpr std::string_view enumerator_name() noexcept {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("Value = ") + std::string_view("Value = ").size());
  text = text.substr(0, text.find_first_of(";]"));
  return text.starts_with('(') ? std::string_view() : text.substr(text.rfind(':') + 1);
}

/// The enumerators of `Enum` with values from `First` to `First` + 127, in the order of their values.
template <class Enum, int First = 0>
[[nodiscard]] std::vector<enumerator> enumerators() {
  std::vector<enumerator> all;
  const auto add = [&all](std::string_view name, int value) {
    if (!name.empty()) all.push_back({name, value});
  };
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (add(enumerator_name<static_cast<Enum>(First + static_cast<int>(Index))>(), First + static_cast<int>(Index)), ...);
  }
  (std::make_index_sequence<128>());
  return all;
}

}  // namespace twinsocket::detail
