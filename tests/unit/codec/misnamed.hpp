#pragma once

// Described types whose names are not UTF-8, which no text format can hold.

#include "twinsocket/describe.hpp"

namespace messages {

struct misnamed {
  int value = 0;
};
BOOST_DESCRIBE_STRUCT(misnamed, (), (value))
TWINSOCKET_NAMES(misnamed, "misnamed", (value, "a\xff"))

enum class mistake { wrong };
BOOST_DESCRIBE_ENUM(mistake, wrong)
TWINSOCKET_NAMES(mistake, "mistake", (wrong, "b\xff"))

struct misnamed_alternative {};
BOOST_DESCRIBE_STRUCT(misnamed_alternative, (), ())
TWINSOCKET_NAMES(misnamed_alternative, "c\xff")

}  // namespace messages
