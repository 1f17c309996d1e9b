// Each case is a mistake in a description that has to be a compile error with a text that says what is wrong.

#include <string>
#include <vector>

#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

struct street {
  std::string name;
};

struct person {
  std::string name;
  std::vector<std::string> emails;
  street home;
};
#if MISTAKE == undescribed_type
BOOST_DESCRIBE_STRUCT(person, (), (name, home))
#elif MISTAKE == misspelt_in_description
BOOST_DESCRIBE_STRUCT(person, (), (nmae))
#elif MISTAKE == undescribed_member
BOOST_DESCRIBE_STRUCT(person, (), (name))
#else
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
#endif

#if MISTAKE == misspelt_name
TWINSOCKET_NAMES(person, "Person", (nmae, "Name"))
#elif MISTAKE == undescribed_member
TWINSOCKET_NAMES(person, "Person", (emails, "Emails"))
#elif MISTAKE == same_name
TWINSOCKET_NAMES(person, "Person", (name, "emails"))
#elif MISTAKE == path_through_member
TWINSOCKET_NAMES(person, "Person", (emails, xml_name("name>email")))
#elif MISTAKE == list_as_attribute
TWINSOCKET_NAMES(person, "Person", (emails, attribute))
#elif MISTAKE == text_as_string
TWINSOCKET_NAMES(person, "Person", (name, as_string))
#elif MISTAKE == two_contents
TWINSOCKET_NAMES(person, "Person", (name, content), (emails, content))
#elif MISTAKE == empty_name
TWINSOCKET_NAMES(person, "Person", (name, ""))
#endif

#if MISTAKE == number_as_xml
bool check() { return twinsocket::xml.encode(5).has_value(); }
#else
bool check() { return twinsocket::json.encode(person()).has_value(); }
#endif
