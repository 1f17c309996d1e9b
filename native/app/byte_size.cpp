#include "byte_size.hpp"

#include <charconv>
#include <optional>
#include <string>

namespace twinsocket::app {

namespace {

std::optional<unsigned> shift_of(std::string_view unit) {
  if (unit.empty()) return 0;
  if (unit == "KiB") return 10;
  if (unit == "MiB") return 20;
  if (unit == "GiB") return 30;
  return std::nullopt;
}

}  // namespace

result<std::size_t> parse_size(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  const auto shift = shift_of({rest, static_cast<std::size_t>(end - rest)});
  if (failure == std::errc() && shift && number != 0 && number <= max_size >> *shift) return number << *shift;
  return error(
      errc::invalid_argument,
      "\"" + std::string(text) +
          "\" is not a size; write a number of bytes, or of KiB, MiB or GiB, such as 64MiB, from 1 to 1024GiB");
}

}  // namespace twinsocket::app
