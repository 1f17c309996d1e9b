#pragma once

// g++ before 13 miscompiles some temporaries in a co_await expression: it copies them byte by byte and destroys both
// copies (GCC bugs 99576, 100611, 101367). Affected are aggregates that are initialised with braces, anywhere in the
// expression: `co_await f(std::optional(person{"Jan"}))`; lambdas with captures; and objects selected by `?:`. Named
// objects, results of functions and objects made by a constructor are correct.

#include <string>
#include <type_traits>

#include "twinsocket/detail/cxx20.hpp"

namespace twinsocket::detail {

/// True for arguments of type T&& that this compiler cannot have miscompiled, or for which a second destructor call is
/// harmless. std::string is accepted although `?:` may have selected it, because most are results of functions.
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
