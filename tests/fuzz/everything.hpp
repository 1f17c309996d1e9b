#pragma once

// A described type with one member of each kind.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "codec/messages.hpp"
#include "twinsocket/chrono.hpp"

namespace fuzz {

struct everything {
  messages::numbers numbers;
  messages::house house;
  messages::article article;
  messages::letter letter;
  messages::tree tree;
  messages::chain chain;
  messages::drawing drawing;
  messages::lists lists;
  std::optional<messages::strict> strict;
  std::optional<messages::person> person;
  std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds> when;
  std::chrono::seconds wait{};
};
BOOST_DESCRIBE_STRUCT(everything, (),
                      (numbers, house, article, letter, tree, chain, drawing, lists, strict, person, when, wait))

}  // namespace fuzz
