// A program that uses only the codecs: the component sdk.

#include <iostream>
#include <string>
#include <vector>

#include "twinsocket/json.hpp"
#include "twinsocket/version.hpp"
#include "twinsocket/xml.hpp"

struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name"), (emails, "Emails"))

int main() {
  const person jan{"Jan", {"jan@example.com"}};
  const auto document = twinsocket::xml.encode(jan);
  if (!document) return 1;
  const auto read = twinsocket::xml.decode<person>(*document);
  if (!read) return 1;
  const auto as_json = twinsocket::json.encode(*read);
  if (!as_json) return 1;
  std::cout << TWINSOCKET_VERSION << ' ' << document->text() << ' ' << as_json->text() << '\n';
}
