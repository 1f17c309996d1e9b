// Basic parts: UTF-8, masking, base64, numbers, times, close frames.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "codec/number.hpp"
#include "codec/shortest.hpp"
#include "fuzz.hpp"
#include "protocol/base64.hpp"
#include "protocol/close_code.hpp"
#include "protocol/frame.hpp"
#include "protocol/mask.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/chrono.hpp"

using namespace fuzz;
using namespace twinsocket::detail;

namespace {

void check_utf8(std::span<const std::byte> bytes, chunk_sizes& where) {
  const bool valid = is_valid_utf8_reference(bytes);
  expect(is_valid_utf8(exact_size_copy(bytes).bytes()) == valid, "a text is UTF-8 when the table says so");
  utf8_validator validator;
  bool good = true;
  std::size_t at = 0;
  while (good && at < bytes.size()) {
    const std::size_t next = where.next(bytes.size() - at);
    good = validator.feed(exact_size_copy(bytes.subspan(at, next)).bytes());
    at += next;
  }
  expect((good && validator.complete()) == valid, "where a text is cut changes nothing");
  // The validator must stop at the first invalid byte.
  validator.reset();
  for (std::size_t i = 0; i < bytes.size() && i < 64; ++i) {
    const bool taken = validator.feed(bytes.subspan(i, 1));
    bool possible = false;
    for (const char* more : {"", "\x80", "\xbf", "\x9f\x80", "\x80\x80", "\xa0\x80", "\x90\x80\x80", "\x80\x80\x80"}) {
      octets all(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      for (const char c : std::string_view(more)) all.push_back(static_cast<std::byte>(c));
      possible = possible || is_valid_utf8_reference(all);
    }
    expect(taken == possible, "a byte is taken when something can follow that makes it right");
    if (!taken) break;
  }
}

void check_mask(std::span<const std::byte> bytes) {
  if (bytes.size() < 5) return;
  mask_key key;
  std::copy_n(bytes.begin(), 4, key.begin());
  const auto offset = std::to_integer<std::size_t>(bytes[4]);
  bytes = bytes.subspan(5);
  exact_size_copy masked(bytes);
  apply_mask(masked.bytes(), key, offset);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    expect(masked.bytes()[i] == (bytes[i] ^ key[(offset + i) % 4]), "each byte has its own of the key");
  exact_size_copy copied(bytes);
  copy_masked(copied.bytes().data(), bytes, key, offset);
  expect(std::ranges::equal(copied.bytes(), masked.bytes()), "a copy is masked alike");
}

void check_base64(std::span<const std::byte> bytes) {
  std::string text(base64_size(bytes.size()), '?');
  write_base64(text.data(), bytes);
  expect(decoded_base64_size(text) == bytes.size(), "base64 says how many bytes it stands for");
  exact_size_copy back(bytes);
  std::ranges::fill(back.bytes(), std::byte{});
  decode_base64(back.bytes().data(), text);
  expect(std::ranges::equal(back.bytes(), bytes), "base64 gives the bytes back");

  // Unused bits after the last byte are ignored, as in Go, so the text need not be the canonical form.
  const auto size = decoded_base64_size(text_of(bytes));
  if (!size) return;
  exact_size_copy read(bytes.first(*size));
  decode_base64(read.bytes().data(), text_of(bytes));
  std::string again(base64_size(*size), '?');
  write_base64(again.data(), read.bytes());
  expect(again.size() == bytes.size() &&
             again.substr(0, again.size() - std::min<std::size_t>(again.size(), 4)) ==
                 text_of(bytes).substr(0, again.size() - std::min<std::size_t>(again.size(), 4)),
         "bytes have one form in base64");
}

template <class Float>
void check_float(Float value) {
  if (!std::isfinite(value)) return;
  const decimal quick = shortest(value);
  const decimal exact = shortest_exactly(value);
  expect(quick.size == exact.size && quick.point == exact.point &&
             std::equal(quick.digits.begin(), quick.digits.begin() + quick.size, exact.digits.begin()),
         "both ways find the same digits");
  char json_room[number_room];
  char xml_room[number_room];
  const std::string_view json = write_json_number(json_room, value);
  expect(is_json_number(json), "a number is written as JSON wants it");
  for (const std::string_view text : {json, write_xml_number(xml_room, value)}) {
    Float back = 0;
    expect(read_number(text, false, back) && std::memcmp(&back, &value, sizeof value) == 0,
           "a number that is written reads the same");
  }
}

void check_numbers(std::span<const std::byte> bytes) {
  const std::string text(text_of(bytes));
  // nlohmann_json's parser treats U+0000 as the end.
  const bool is_json = text.find_first_of(std::string_view(" \t\r\n\0", 5)) == text.npos &&
                       nlohmann::json::accept(text) && nlohmann::json::parse(text).is_number();
  if (text.size() < 300) expect(!is_json || is_json_number(text), "a number of JSON is one");
  double value = 0;
  if (read_number(text, false, value)) {
    double reference = 0;
    const auto from = text.starts_with('+') ? 1 : 0;
    const auto [end, failure] = std::from_chars(text.data() + from, text.data() + text.size(), reference);
    if (failure == std::errc())
      expect(end == text.data() + text.size() && reference == value, "a number is what the standard library reads");
    check_float(value);
  }
  float small = 0;
  if (read_number(text, true, small)) check_float(small);
  if (bytes.size() >= sizeof value) {
    std::memcpy(&value, bytes.data(), sizeof value);
    check_float(value);
    std::memcpy(&small, bytes.data(), sizeof small);
    check_float(small);
  }
}

void check_times(std::span<const std::byte> bytes) {
  const auto time = parse_rfc3339(text_of(bytes));
  if (!time) return expect(!time.error().detail().empty(), "a refusal says why");
  expect(time->nanoseconds < 1'000'000'000, "nanoseconds are less than a second");
  if (!has_rfc3339_form(std::chrono::duration<double>(static_cast<double>(time->seconds)))) return;
  const auto again = parse_rfc3339(format_rfc3339(*time));
  expect(again && again->seconds == time->seconds && again->nanoseconds == time->nanoseconds,
         "a time that is written reads the same");
}

void check_close(std::span<const std::byte> bytes) {
  const std::string_view text = text_of(bytes);
  const std::string_view fits = truncate_reason(text);
  expect(text.starts_with(fits) && fits.size() <= twinsocket::max_close_reason, "as much of a reason as fits");
  if (is_valid_utf8_reference(bytes))
    expect(is_valid_utf8_reference(bytes_of(fits)), "a reason is cut between characters");

  const auto payload = bytes.first(std::min(bytes.size(), max_control_payload));
  const parsed_close parsed = parse_close(payload);
  if (parsed.why != twinsocket::errc::ok) return;
  std::byte again[max_control_payload];
  expect(std::ranges::equal(std::span(again).first(encode_close(parsed.code, parsed.reason, again)), payload),
         "a close frame that is written reads the same");
}

void check_header(std::span<const std::byte> bytes) {
  if (bytes.size() < 2 || bytes.size() < header_size(bytes[1])) return;
  const frame_header header = decode_header(bytes.data());
  std::byte again[max_frame_header];
  const std::size_t size = encode_header(header, again);
  expect(size <= header_size(bytes[1]), "a header is written in its shortest form");
  const frame_header back = decode_header(again);
  expect(back.length == header.length && back.op == header.op && back.fin == header.fin &&
             back.masked == header.masked && back.key == header.key,
         "a header that is written reads the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  chunk_sizes where(input);
  const octets bytes = rest_of(input);
  check_utf8(bytes, where);
  for (const auto check : {check_mask, check_base64, check_numbers, check_times, check_close, check_header})
    check(bytes);
  return 0;
}
