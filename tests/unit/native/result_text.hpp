#pragma once

#include "test.hpp"
#include "twinsocket/error.hpp"

/// Prints a result in a failed assertion, with its error.
template <class T>
struct Catch::StringMaker<twinsocket::result<T>> {
  static std::string convert(const twinsocket::result<T>& r) { return r ? "a value" : r.error().message(); }
};
template <>
struct Catch::StringMaker<twinsocket::error> {
  static std::string convert(const twinsocket::error& e) { return e.message(); }
};
