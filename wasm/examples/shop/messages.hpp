#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "twinsocket/describe.hpp"

namespace shop {

enum class delivery { pickup, post };
BOOST_DESCRIBE_ENUM(delivery, pickup, post)
TWINSOCKET_NAMES(delivery, "Delivery")

struct customer {
  std::string name;
  std::optional<std::string> email;
};
BOOST_DESCRIBE_STRUCT(customer, (), (name, email))
TWINSOCKET_NAMES(customer, "Customer", (name, required), (email, omit_empty))

struct order {
  std::uint64_t id = 0;
  customer buyer;
  delivery by = delivery::pickup;
  std::vector<std::string> books;
  std::map<std::string, std::string> notes;
};
BOOST_DESCRIBE_STRUCT(order, (), (id, buyer, by, books, notes))
TWINSOCKET_NAMES(order, type("Order", doc("An order of a customer.")),
                 (id, attribute, doc("Assigned by the shop; 0 in a new order.")), (buyer, required),
                 (books, xml_name("books>book"), doc("Titles of the books.")), (notes, omit_empty))

}  // namespace shop
