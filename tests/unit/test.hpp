#pragma once

// Catch2 version 2 (Debian 12) is one header. Version 3 is a library, or, under WebAssembly, its amalgamated source.
#if __has_include(<catch2/catch_all.hpp>) || __has_include(<catch_amalgamated.hpp>)
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch_amalgamated.hpp>
#endif

#include <string>

// Makes the matchers available by their names of version 2.
namespace Catch {
using Matchers::EndsWith;
using Matchers::StartsWith;
inline auto Contains(const std::string& text) { return Matchers::ContainsSubstring(text); }
}  // namespace Catch
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
