#include "faults.hpp"

#include <cstdlib>
#include <iostream>
#include <utility>

namespace bench {

namespace {

struct fault {
  std::string format, name, text;
};

std::string with(std::string text, std::string_view old, std::string_view replacement) {
  const std::size_t place = text.find(old);
  if (place == std::string::npos) {
    std::cerr << "codecs: there is no " << old << " in " << text << '\n';
    std::exit(1);
  }
  return text.replace(place, old.size(), replacement);
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::vector<fault> faults_in(const std::string& json, const std::string& xml) {
  constexpr int deep = 1000;
  const std::string large = "99999999999999999999", arrays = repeated("[", deep) + repeated("]", deep),
                    elements = repeated("<a>", deep) + repeated("</a>", deep);
  return {
      {"json", "text after the document", json + "x"},
      {"json", "text that is not UTF-8", with(json, "Amsterdam", "Amst\xff")},
      {"json", "a control character in a string", with(json, "Amsterdam", "Amst\n")},
      {"json", "half of a surrogate pair", with(json, "Amsterdam", "\\ud800")},
      {"json", "another type", with(json, "\"sold\":true", "\"sold\":1")},
      {"json", "a number out of range", with(json, "1234567890123", large)},
      {"json", "a missing member", with(json, "\"sold\":true,", "")},
      {"json", "a duplicate member", with(json, "\"sold\":true", "\"sold\":true,\"sold\":true")},
      {"json", "an unknown member that is not JSON", with(json, "\"sold\"", "\"other\":tru,\"sold\"")},
      {"json", "1000 nested arrays", with(json, "\"sold\"", "\"other\":" + arrays + ",\"sold\"")},
      {"xml", "text after the document", xml + "x"},
      {"xml", "two roots", xml + xml},
      {"xml", "text that is not UTF-8", with(xml, "Amsterdam", "Amst\xff")},
      {"xml", "a control character", with(xml, "Amsterdam", "Amst\x01")},
      {"xml", "an entity that is not defined", with(xml, "Amsterdam", "&amst;")},
      {"xml", "a duplicate attribute", with(xml, "<from>", "<from a=\"1\" a=\"2\">")},
      {"xml", "another end tag", with(xml, "</city>", "</town>")},
      {"xml", "another type", with(xml, "<sold>true", "<sold>maybe")},
      {"xml", "a number out of range", with(xml, "1234567890123", large)},
      {"xml", "a missing member", with(xml, "<sold>true</sold>", "")},
      {"xml", "a duplicate member", with(xml, "<sold>", "<sold>true</sold><sold>")},
      {"xml", "1000 nested elements", with(xml, "<sold>", elements + "<sold>")},
  };
}

}  // namespace

void print_accepted_faults(const std::vector<decoder>& decoders, const std::string& json, const std::string& xml) {
  for (fault& one : faults_in(json, xml)) {
    one.text.reserve(one.text.size() + 64);
    auto refused = nlohmann::json::array(), accepted = nlohmann::json::array();
    for (const decoder& with : decoders)
      if (with.format == one.format) (with.decode(one.text) ? accepted : refused).push_back(with.library);
    const nlohmann::json line{
        {"fault", one.name}, {"format", one.format}, {"refused", refused}, {"accepted", accepted}};
    std::cout << line.dump() << '\n';
  }
}

}  // namespace bench
