#pragma once

// g++ before 13 compiles some temporaries wrongly that stand inside a co_await expression: it copies them byte by byte and
// destroys both copies (GCC bugs 99576, 100611, 101367). They are aggregates that are made with braces, wherever in the
// expression: `co_await f(std::optional(person{"Jan"}))`; lambdas that capture; and objects that `?:` chooses. What is
// named before, what a function returns and what a constructor makes is right.

#include <string>
#include <type_traits>

#include "twinsocket/detail/cxx20.hpp"

namespace twinsocket::detail {

/// True for arguments, given by T&&, that cannot have been made in a way that this compiler gets wrong, or for which two
/// destructors are as good as one. A std::string is let through though `?:` may have chosen it: most are made by functions.
template <class T>
inline constexpr bool safe_in_co_await =
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
    std::is_lvalue_reference_v<T> ||
    (std::is_trivially_copyable_v<std::remove_reference_t<T>> &&
     std::is_trivially_destructible_v<std::remove_reference_t<T>>) ||
    std::is_same_v<std::remove_cvref_t<T>, std::string>;
#else
    true;
#endif

}  // namespace twinsocket::detail
