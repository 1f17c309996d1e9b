// Every order in which two or three objects of a program can be used and destroyed. The sanitizers detect errors;
// without them the test has to run to its end.

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "test.hpp"
#include "orders/world.hpp"

namespace {

using destruction_order::object;

// A step uses an object the first time it occurs, and destroys it the second time.
using order = std::vector<object>;

/// All orders of using and destroying these objects.
std::vector<order> orders_of(const std::vector<object>& choice) {
  order steps;
  for (const object one : choice) steps.insert(steps.end(), 2, one);
  std::sort(steps.begin(), steps.end());
  std::vector<order> all;
  do all.push_back(steps);
  while (std::next_permutation(steps.begin(), steps.end()));
  return all;
}

std::string text_of(const order& steps) {
  std::string out;
  std::array<bool, destruction_order::object_count> used{};
  for (const object one : steps) {
    const auto index = static_cast<std::size_t>(one);
    out += std::string(out.empty() ? "" : ", ") + (used[index] ? "destroy " : "use ") + destruction_order::names[index];
    used[index] = true;
  }
  return out;
}

void run(const order& steps) {
  INFO(text_of(steps));
  destruction_order::object_set object_set;
  std::array<bool, destruction_order::object_count> used{};
  for (const object one : steps) {
    bool& before = used[static_cast<std::size_t>(one)];
    before ? object_set.destroy(one) : object_set.use(one);
    before = true;
  }
  SUCCEED();
}

// Tests every n-th order of three objects, or all of them if TWINSOCKET_ALL_ORDERS is set.
std::size_t every() { return std::getenv("TWINSOCKET_ALL_ORDERS") ? 1 : 67; }

}  // namespace

TEST_CASE("every order of using and destroying two objects is safe") {
  for (std::size_t a = 0; a < destruction_order::object_count; ++a)
    for (std::size_t b = a + 1; b < destruction_order::object_count; ++b)
      for (const order& steps : orders_of({static_cast<object>(a), static_cast<object>(b)})) run(steps);
}

TEST_CASE("orders of using and destroying three objects are safe") {
  std::size_t number = 0;
  for (std::size_t a = 0; a < destruction_order::object_count; ++a)
    for (std::size_t b = a + 1; b < destruction_order::object_count; ++b)
      for (std::size_t c = b + 1; c < destruction_order::object_count; ++c)
        for (const order& steps : orders_of({static_cast<object>(a), static_cast<object>(b), static_cast<object>(c)}))
          if (number++ % every() == 0) run(steps);
}
