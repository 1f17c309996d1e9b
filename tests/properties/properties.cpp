// The codecs with the types that generate.mjs has drawn. The same source is compiled natively and by Emscripten:
//
//   properties draw SEED COUNT OUT   draws COUNT values of each type and writes the document of each codec for each
//   properties check IN OUT          decodes documents and writes the document of each codec for their values
//
// A line consists of the name of a type and hexadecimal fields. For a value these are its documents in JSON, XML and
// CBOR, or "!" and the error. For a document to be checked these are the codec's name and the bytes. Files are used
// because a program under Node cannot write much to a pipe at once.

#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

#include "draw_values.hpp"
#include "equal_values.hpp"
#include "twinsocket/cbor.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"
#include "types.hpp"

namespace {

using twinsocket::message;
using twinsocket::message_kind;

constexpr std::array<std::string_view, 3> codecs{"json", "xml", "cbor"};
// The documents or errors of the codecs for a value, in this order.
using documents = std::array<std::string, 3>;

std::string in_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string made;
  made.reserve(text.size() * 2);
  for (const char c : text) {
    made += digits[static_cast<unsigned char>(c) >> 4];
    made += digits[static_cast<unsigned char>(c) & 15];
  }
  return made;
}

std::string from_hex(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string made;
  made.reserve(text.size() / 2);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    made += static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1]));
  return made;
}

std::string text_of(const twinsocket::error& problem) {
  return "!" + std::to_string(static_cast<int>(problem.code())) + " " + problem.detail();
}

bool is_refusal(std::string_view document) { return document.starts_with('!'); }

template <class Codec, class T>
std::string written(const Codec& codec, const T& value) {
  const auto made = codec.encode(value);
  return made ? std::string(made->text()) : text_of(made.error());
}

template <class T>
documents in_every_codec(const T& value) {
  return {written(twinsocket::json, value), written(twinsocket::xml, value), written(twinsocket::cbor, value)};
}

template <class T>
twinsocket::result<T> read(std::string_view codec, std::string_view document) {
  const auto bytes = std::as_bytes(std::span(document.data(), document.size()));
  if (codec == "cbor") return twinsocket::cbor.decode<T>(message(message_kind::binary, bytes));
  const message text(message_kind::text, bytes);
  return codec == "xml" ? twinsocket::xml.decode<T>(text) : twinsocket::json.decode<T>(text);
}

/// Checks a codec that encoded this value to this document. Returns the error, or nothing.
template <class T>
std::string fault_of(std::size_t codec, const documents& made, const T& value, const properties::traits& seen) {
  const std::string& document = made[codec];
  const bool refused = (codec == 0 && seen.not_finite) || (codec == 1 && seen.refused_by_xml);
  if (is_refusal(document))
    return refused || (codec == 1 && seen.invalid_in_xml) ? "" : "it does not write the value: " + document;
  if (refused) return "it writes what it should refuse";
  if (codec == 1 && seen.changed_by_xml) return "";
  const auto back = read<T>(codecs[codec], document);
  if (!back) return "it does not read what it wrote: " + text_of(back.error());
  if (!properties::same(value, *back)) return "it reads another value";
  return in_every_codec(*back)[codec] == document ? "" : "it writes the value that it read in another way";
}

struct program {
  std::ofstream out;
  int faults = 0;

  void put(std::string_view name, const documents& made) {
    out << name;
    for (const std::string& each : made) out << ' ' << in_hex(each);
    out << '\n';
  }

  template <class T>
  void draw(std::string_view name, std::uint64_t seed, int count) {
    for (int i = 0; i < count; ++i) {
      properties::drawer drawer(seed * 1'000'003 + static_cast<std::uint64_t>(i));
      T value{};
      drawer.draw(value);
      const documents made = in_every_codec(value);
      put(name, made);
      for (std::size_t codec = 0; codec < codecs.size(); ++codec) {
        const std::string fault = fault_of(codec, made, value, drawer.seen());
        if (fault.empty()) continue;
        ++faults;
        std::cout << name << ", " << codecs[codec] << ", value " << i << ": " << fault << "\n  "
                  << (codec == 2 ? in_hex(made[codec]) : made[codec]) << std::endl;
      }
    }
  }

  template <class T>
  void check(std::string_view name, std::string_view codec, std::string_view document) {
    const auto value = read<T>(codec, document);
    put(name, value ? in_every_codec(*value) : documents{text_of(value.error())});
  }
};

template <class Function>
void for_each_type(Function&& call) {
  boost::mp11::mp_for_each<boost::mp11::mp_iota<boost::mp11::mp_size<drawn::all_types>>>([&](auto index) {
    using type = boost::mp11::mp_at<drawn::all_types, decltype(index)>;
    call(drawn::type_names[index], twinsocket::detail::tag<type>(), index);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::span words(argv, static_cast<std::size_t>(argc));
  const std::string_view verb = argc > 1 ? words[1] : "";
  program run;
  if (verb == "draw" && argc == 5) {
    run.out.open(words[4]);
    const std::uint64_t seed = std::strtoull(words[2], nullptr, 10);
    for_each_type([&]<class T>(std::string_view name, twinsocket::detail::tag<T>, std::size_t index) {
      run.draw<T>(name, seed * 1'000 + index, std::atoi(words[3]));
    });
  } else if (verb == "check" && argc == 4) {
    run.out.open(words[3]);
    std::ifstream in(words[2]);
    std::string wanted;
    std::string codec;
    std::string document;
    while (in >> wanted >> codec >> document)
      for_each_type([&]<class T>(std::string_view name, twinsocket::detail::tag<T>, std::size_t) {
        if (name == wanted) run.check<T>(name, codec, from_hex(document));
      });
  } else {
    std::cerr << "usage: properties draw SEED COUNT OUT | check IN OUT\n";
    return 2;
  }
  run.out.close();
  return run.out && !run.faults ? 0 : 1;
}
