// Decodes JSON documents into described types, so that the instructions of one document can be counted:
//
//   valgrind --tool=callgrind --toggle-collect='measured*' codec_instructions CASE
//
// Without an argument the program prints its cases and how it was built.

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/codecs/document.hpp"
#include "cases.hpp"
#include "twinsocket/json.hpp"

namespace {

using bench::item;

/// `number` times a value, as an array.
std::string array_of(std::string_view value, std::size_t number) {
  std::string text = "[";
  for (std::size_t i = 0; i < number; ++i) text.append(i ? "," : "").append(value);
  return text + "]";
}

template <class T>
bool decode(const twinsocket::message& document) {
  return twinsocket::json.decode<std::vector<T>>(document).has_value();
}

constexpr std::string_view item_text =
    R"({"id":1234567890123,"title":"A title of an item","price":13.75,"sold":true,"tags":["red","green","a longer tag here"],)"
    R"("from":{"street":"Some street 12","city":"Amsterdam","zip":null}})";

struct document {
  std::string_view name;
  std::string_view element;
  std::size_t elements;
  bool (*decode)(const twinsocket::message& document);
};

constexpr document documents[] = {
    {"json-structs", item_text, 40, decode<item>},
    {"json-integers", "7919", 1'000, decode<int>},
    {"json-strings", "\"plain text, with escapes\\nand with \xC3\xBC and \xE2\x82\xAC\"", 100, decode<std::string>},
};

}  // namespace

extern "C" [[gnu::noinline]] bool measured(const document& one, const twinsocket::message& text) {
  return one.decode(text);
}

int main(int count, char** words) {
  if (count != 2) {
    print_cases(documents);
    return 0;
  }
  const document* const one = find_case(documents, words[1]);
  if (!one) return 1;
  const twinsocket::message text(array_of(one->element, one->elements));
  constexpr std::size_t number = 100;
  for (std::size_t i = 0; i < number; ++i)
    if (!measured(*one, text)) return 1;
  std::printf("%zu\n", number);
  return 0;
}
