#pragma once

// The document that all codecs read and write, described for twinsocket and for nlohmann_json. What nlohmann_json's macro
// demands is required for twinsocket, too.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "twinsocket/describe.hpp"

namespace bench {

struct address {
  std::string street, city;
  std::optional<std::string> zip;
};
BOOST_DESCRIBE_STRUCT(address, (), (street, city, zip))
TWINSOCKET_NAMES(address, "address", (street, required), (city, required))

struct item {
  std::int64_t id;
  std::string title;
  double price;
  bool sold;
  std::vector<std::string> tags;
  address from;
};
BOOST_DESCRIBE_STRUCT(item, (), (id, title, price, sold, tags, from))
TWINSOCKET_NAMES(item, "item", (id, required), (title, required), (price, required), (sold, required), (tags, required),
                 (from, required))

struct order {
  std::int64_t id;
  std::vector<item> items;
};
BOOST_DESCRIBE_STRUCT(order, (), (id, items))
TWINSOCKET_NAMES(order, "order", (id, required), (items, required))

inline void to_json(nlohmann::json& json, const address& from) {
  json = {{"street", from.street}, {"city", from.city}};
  if (from.zip) json["zip"] = *from.zip;
}
inline void from_json(const nlohmann::json& json, address& to) {
  json.at("street").get_to(to.street);
  json.at("city").get_to(to.city);
  if (const auto zip = json.find("zip"); zip != json.end() && !zip->is_null()) to.zip = zip->get<std::string>();
}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(item, id, title, price, sold, tags, from)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(order, id, items)

inline order make_order(int items) {
  order made{1, {}};
  for (int i = 0; i < items; ++i) {
    const auto zip = i % 3 == 0 ? std::nullopt : std::optional<std::string>("1234AB");
    made.items.push_back({1'234'567'890'123 + i,
                          "A title of item number " + std::to_string(i),
                          i * 1.37,
                          i % 2 == 0,
                          {"red", "green", "a longer tag here"},
                          {"Some street 12", "Amsterdam", zip}});
  }
  return made;
}

}  // namespace bench
