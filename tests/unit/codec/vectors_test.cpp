#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "codec_helpers.hpp"
#include "codec_vectors.hpp"
#include "messages.hpp"
#include "twinsocket/chrono.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

// tests/vectors/codec.json contains what Go's encoding/json and encoding/xml encode and decode. check.go compares it
// with Go.

namespace {

using twinsocket::json;
using twinsocket::xml;

// Decodes a document in one format and encodes its value in another. Returns "refused: ..." if it cannot be decoded.
using converter = std::function<std::string(std::string_view from, std::string_view document, std::string_view to)>;

template <class T>
std::string convert(std::string_view from, std::string_view document, std::string_view to) {
  const auto value = from == "xml" ? read<T>(xml, document) : read<T>(json, document);
  if (!value) return "refused: " + value.error().detail();
  return to == "xml" ? written(xml, *value) : written(json, *value);
}

const std::map<std::string, converter>& types() {
  static const std::map<std::string, converter> all{
      {"Person", convert<messages::person>},   {"numbers", convert<messages::numbers>},
      {"House", convert<messages::house>},     {"Article", convert<messages::article>},
      {"Letter", convert<messages::letter>},   {"Tree", convert<messages::tree>},
      {"drawing", convert<messages::drawing>}, {"strict", convert<messages::strict>},
      {"bytes", convert<messages::bytes>},     {"times", convert<messages::times>}};
  return all;
}

nlohmann::json list_of(const char* name) { return nlohmann::json::parse(codec_vectors)[name]; }

std::string field(const nlohmann::json& vector, const char* name) { return vector.at(name).get<std::string>(); }

}  // namespace

TEST_CASE("the shared vectors are encoded byte for byte as by Go and round-trip") {
  for (const auto& vector : list_of("written")) {
    const converter& each = types().at(field(vector, "type"));
    const std::string in_json = field(vector, "json");
    REQUIRE(each("json", in_json, "json") == in_json);
    const std::string in_xml = field(vector, "xml");
    if (in_xml == "-") continue;
    REQUIRE(each("json", in_json, "xml") == in_xml);
    REQUIRE(each("xml", in_xml, "xml") == in_xml);
  }
}

TEST_CASE("the shared vectors that Go accepts are decoded to the same values") {
  for (const auto& vector : list_of("read")) {
    const std::string format = field(vector, "format");
    INFO(field(vector, "document"));
    REQUIRE(types().at(field(vector, "type"))(format, field(vector, "document"), format) == field(vector, "written"));
  }
}

TEST_CASE("the shared vectors that Go rejects and the stricter ones are rejected") {
  for (const char* const list : {"refused", "stricter"})
    for (const auto& vector : list_of(list)) {
      INFO(field(vector, "document"));
      const std::string format = field(vector, "format");
      REQUIRE(types().at(field(vector, "type"))(format, field(vector, "document"), format).substr(0, 9) == "refused: ");
    }
}
