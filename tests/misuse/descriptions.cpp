// Each MISTAKE_ is one in a description that has to be a compile error, with a text that says what is wrong.

#include <string>
#include <vector>

#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

struct street {
  std::string name;
};

struct person {
  std::string name;
  std::string nick;
  std::vector<std::string> emails;
  street home;
};
#if defined(MISTAKE_undescribed_type)
BOOST_DESCRIBE_STRUCT(person, (), (name, home))
#elif defined(MISTAKE_misspelt_in_description)
BOOST_DESCRIBE_STRUCT(person, (), (nmae))
#elif defined(MISTAKE_undescribed_member)
BOOST_DESCRIBE_STRUCT(person, (), (name))
#else
BOOST_DESCRIBE_STRUCT(person, (), (name, nick, emails))
#endif

#if defined(MISTAKE_misspelt_name)
TWINSOCKET_NAMES(person, "Person", (nmae, "Name"))
#elif defined(MISTAKE_undescribed_member)
TWINSOCKET_NAMES(person, "Person", (emails, "Emails"))
#elif defined(MISTAKE_same_name)
TWINSOCKET_NAMES(person, "Person", (name, "emails"))
#elif defined(MISTAKE_path_through_member)
TWINSOCKET_NAMES(person, "Person", (emails, xml_name("name>email")))
#elif defined(MISTAKE_list_as_attribute)
TWINSOCKET_NAMES(person, "Person", (emails, attribute))
#elif defined(MISTAKE_text_as_string)
TWINSOCKET_NAMES(person, "Person", (name, as_string))
#elif defined(MISTAKE_two_contents)
TWINSOCKET_NAMES(person, "Person", (name, content), (nick, content))
#elif defined(MISTAKE_empty_name)
TWINSOCKET_NAMES(person, "Person", (name, ""))
#endif

#if defined(MISTAKE_number_as_xml)
bool check() { return twinsocket::xml.encode(5).has_value(); }
#else
bool check() { return twinsocket::json.encode(person()).has_value(); }
#endif
