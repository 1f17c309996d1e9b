// Measures the codecs on documents of three sizes, alternating between twinsocket's and the others. Prints one line of JSON for
// each measurement and for each fault of a document, and writes the documents to a folder for the benchmarks in other
// languages:
//
//   codecs FOLDER SECONDS

#include <time.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "document.hpp"
#include "faults.hpp"
#include "peer.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

namespace {

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void check(bool right) {
  if (right) return;
  std::cerr << "codecs: a document did not come out as it went in\n";
  std::exit(1);
}

struct way {
  std::string codec, library;
  std::size_t bytes;
  std::function<void()> once;
  std::vector<double> speeds;  // MB/s, one value per round
};

double measure(const way& one, double seconds) {
  const double started = cpu_seconds();
  std::size_t times = 0;
  double used = 0;
  do {
    one.once();
    ++times;
    used = cpu_seconds() - started;
  } while (used < seconds);
  return static_cast<double>(one.bytes * times) / used / 1e6;
}

std::string text_of(const twinsocket::result<twinsocket::message>& encoded) {
  check(encoded.has_value());
  return std::string(encoded->text());
}

// Behind the end there is capacity, which simdjson requires.
std::string padded(std::string text) {
  text.reserve(text.size() + 64);
  return text;
}

template <class Codec>
std::string encoded_again(const Codec& codec, const std::optional<bench::order>& decoded) {
  check(decoded.has_value());
  return text_of(codec.encode(*decoded));
}

void print_faults() {
  using bench::order;
  using twinsocket::json, twinsocket::message, twinsocket::xml;
  const auto decode_with = [](const auto& codec) {
    return [&codec](const std::string& text) -> std::optional<order> {
      auto decoded = codec.template decode<order>(message(text));
      if (!decoded) return std::nullopt;
      return std::move(*decoded);
    };
  };
  const auto nlohmann = [](const std::string& text) -> std::optional<order> {
    try {
      return nlohmann::json::parse(text).get<order>();
    } catch (const nlohmann::json::exception&) {
      return std::nullopt;
    }
  };
  std::vector<bench::decoder> decoders{{"twinsocket", "json", decode_with(json)},
                                       {"twinsocket", "xml", decode_with(xml)},
                                       {"nlohmann", "json", nlohmann}};
  for (const bench::peer& one : bench::peers()) decoders.push_back({one.library, one.format, one.decode});
  const order document = bench::make_order(1);
  bench::print_accepted_faults(decoders, text_of(json.encode(document)), text_of(xml.encode(document)));
}

void measure_document(const std::string& folder, int items, double seconds) {
  using bench::order;
  using twinsocket::json, twinsocket::message, twinsocket::xml;
  const order document = bench::make_order(items);
  const message as_json(text_of(json.encode(document)));
  const message as_xml(text_of(xml.encode(document)));
  const std::string json_text = padded(std::string(as_json.text())), xml_text = padded(std::string(as_xml.text()));
  const nlohmann::json tree = nlohmann::json::parse(json_text);
  check(tree.get<order>().items.size() == document.items.size());
  check(text_of(json.encode(*json.decode<order>(as_json))) == json_text);
  check(text_of(xml.encode(*xml.decode<order>(as_xml))) == as_xml.text());

  const std::string name = folder + "/" + std::to_string(items);
  std::ofstream(name + ".json") << json_text;
  std::ofstream(name + ".xml") << as_xml.text();

  const std::string nlohmann_text = nlohmann::json(document).dump();
  std::vector<way> ways{
      {"json decode", "twinsocket", json_text.size(), [&] { check(json.decode<order>(as_json).has_value()); }, {}},
      {"json decode",
       "nlohmann",
       json_text.size(),
       [&] { check(!nlohmann::json::parse(json_text).get<order>().items.empty()); },
       {}},
      {"json encode", "twinsocket", json_text.size(), [&] { check(json.encode(document).has_value()); }, {}},
      {"json encode", "nlohmann", nlohmann_text.size(), [&] { check(!nlohmann::json(document).dump().empty()); }, {}},
      {"xml decode", "twinsocket", as_xml.size(), [&] { check(xml.decode<order>(as_xml).has_value()); }, {}},
      {"xml encode", "twinsocket", as_xml.size(), [&] { check(xml.encode(document).has_value()); }, {}},
  };
  for (const bench::peer& one : bench::peers()) {
    const bool is_json = one.format == "json";
    const std::string& text = is_json ? json_text : xml_text;
    check((is_json ? encoded_again(json, one.decode(text)) : encoded_again(xml, one.decode(text))) == text);
    ways.push_back(
        {one.format + " decode", one.library, text.size(), [&] { check(one.decode(text).has_value()); }, {}});
    if (!one.encode) continue;
    const std::string own_text = padded(one.encode(document));
    check(encoded_again(json, one.decode(own_text)) == json_text);
    ways.push_back(
        {one.format + " encode", one.library, own_text.size(), [&] { check(!one.encode(document).empty()); }, {}});
  }
  constexpr int rounds = 5;
  for (int round = 0; round < rounds; ++round)
    for (way& one : ways) one.speeds.push_back(measure(one, seconds / rounds));
  for (way& one : ways) {
    std::sort(one.speeds.begin(), one.speeds.end());
    const nlohmann::json line{{"items", items},
                              {"codec", one.codec},
                              {"library", one.library},
                              {"bytes", one.bytes},
                              {"speed", one.speeds[one.speeds.size() / 2]}};
    std::cout << line.dump() << '\n';
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::cerr << "usage: codecs FOLDER SECONDS\n";
    return 2;
  }
  print_faults();
  for (const int items : {1, 40, 2000}) measure_document(words[1], items, std::stod(words[2]));
}
