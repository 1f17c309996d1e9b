// The headers that all mistakes include; compiled once.

#include <string>
#include <variant>
#include <vector>

#include "twinsocket/cbor.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/xml.hpp"

struct point {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(point, (), (name))
struct other {
  int n = 0;
};
BOOST_DESCRIBE_STRUCT(other, (), (n))
const point jan{"Jan"};
