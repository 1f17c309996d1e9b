#include "protocol/utf8.hpp"

#include "test.hpp"
#include <random>

#include "protocol/wire.hpp"

using namespace wire;

namespace {

constexpr std::size_t none = ~std::size_t{0};

// An independent check of UTF-8: a byte is invalid if no character starts with the bytes of the current one up to it.
// The characters that do form one range of code points.
struct verdict {
  std::size_t first_bad = none;
  bool complete = true;
};

bool begins_a_character(std::span<const std::byte> bytes) {
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  if (at(0) < 0x80) return bytes.size() == 1;
  if (at(0) < 0xc0 || at(0) > 0xf7) return false;
  const std::size_t length = at(0) < 0xe0 ? 2 : at(0) < 0xf0 ? 3 : 4;
  if (bytes.size() > length) return false;
  std::uint32_t lowest = at(0) & (0x7fu >> length);
  std::uint32_t highest = lowest;
  for (std::size_t i = 1; i < length; ++i) {
    if (i < bytes.size() && (at(i) & 0xc0) != 0x80) return false;
    lowest = lowest << 6 | (i < bytes.size() ? at(i) & 0x3f : 0);
    highest = highest << 6 | (i < bytes.size() ? at(i) & 0x3f : 0x3f);
  }
  const auto meets = [&](std::uint32_t from, std::uint32_t to) { return lowest <= to && highest >= from; };
  if (length == 2) return meets(0x80, 0x7ff);
  if (length == 3) return meets(0x800, 0xd7ff) || meets(0xe000, 0xffff);
  return meets(0x10000, 0x10ffff);
}

verdict judge(std::span<const std::byte> text) {
  const auto length = [](std::byte lead) {
    return lead < std::byte{0x80} ? 1u : lead < std::byte{0xe0} ? 2u : lead < std::byte{0xf0} ? 3u : 4u;
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!begins_a_character(text.subspan(begin, i + 1 - begin))) return {i, false};
    if (i + 1 - begin == length(text[begin])) begin = i + 1;
  }
  return {none, begin == text.size()};
}

// The result of the tested code, byte by byte.
verdict ask_bytewise(std::span<const std::byte> text) {
  utf8_validator validator;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!validator.feed(text.subspan(i, 1))) return {i, validator.complete()};
  return {none, validator.complete()};
}

bool agree(const verdict& a, const verdict& b) { return a.first_bad == b.first_bad && a.complete == b.complete; }

// Checks the text as a whole, cut at each position, and byte by byte.
bool is_judged_rightly(const octets& text) {
  const verdict expected = judge(text);
  if (!agree(ask_bytewise(text), expected)) return false;
  for (std::size_t border = 0; border <= text.size(); ++border) {
    utf8_validator validator;
    const bool first = validator.feed(std::span(text).first(border));
    if (first != (expected.first_bad >= border)) return false;
    const bool second = validator.feed(std::span(text).subspan(border));
    if (second != (expected.first_bad == none)) return false;
    if (validator.complete() != expected.complete) return false;
  }
  return true;
}

std::string in_hex(const octets& text) {
  std::string result;
  for (const std::byte b : text)
    for (const int shift : {4, 0}) result.push_back("0123456789abcdef"[std::to_integer<unsigned>(b) >> shift & 15]);
  return result;
}

octets encode(std::uint32_t c) {
  const auto trail = [&](int shift) { return static_cast<std::byte>(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) return {static_cast<std::byte>(c)};
  if (c < 0x800) return {static_cast<std::byte>(0xc0 | c >> 6), trail(0)};
  if (c < 0x10000) return {static_cast<std::byte>(0xe0 | c >> 12), trail(6), trail(0)};
  return {static_cast<std::byte>(0xf0 | c >> 18), trail(12), trail(6), trail(0)};
}

// All bytes at which a rule starts or ends.
constexpr std::array<unsigned, 25> borders{0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
                                           0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};

// Texts with an invalid end, and the index of the invalid byte.
struct bad_text {
  const char* hex;
  std::size_t bad;
};
constexpr std::array<bad_text, 32> bad_texts{{
    {"80", 0},          {"bf", 0},          {"c0", 0},          {"c1", 0},       {"f5", 0},          {"f8", 0},
    {"ff", 0},          {"c3 41", 1},       {"c3 c3", 1},       {"e0 9f", 1},    {"e0 80", 1},       {"ed a0", 1},
    {"ed bf", 1},       {"f0 8f", 1},       {"f4 90", 1},       {"e2 41", 1},    {"e2 82 41", 2},    {"e2 82 c3", 2},
    {"f0 9f 41", 2},    {"f0 9f 98", 3},    {"f0 9f 98 c3", 3}, {"c3 a9 a9", 2}, {"c0 80", 0},       {"c1 bf", 0},
    {"e0 80 80", 1},    {"e0 9f bf", 1},    {"ed a0 80", 1},    {"ed bf bf", 1}, {"f0 8f bf bf", 1}, {"f4 90 80 80", 1},
    {"f5 80 80 80", 0}, {"ff bf bf bf", 0},
}};

}  // namespace

TEST_CASE("UTF-8: all sequences of two bytes are validated like the reference") {
  for (unsigned a = 0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b) {
      const octets text{static_cast<std::byte>(a), static_cast<std::byte>(b)};
      if (!is_judged_rightly(text)) FAIL(in_hex(text));
    }
  SUCCEED("all");
}

TEST_CASE("UTF-8: boundary sequences of three and four bytes are validated like the reference") {
  for (const unsigned a : borders)
    for (const unsigned b : borders)
      for (const unsigned c : borders) {
        octets text{static_cast<std::byte>(a), static_cast<std::byte>(b), static_cast<std::byte>(c)};
        if (!is_judged_rightly(text)) FAIL(in_hex(text));
        text.emplace_back();
        for (const unsigned d : borders) {
          text[3] = static_cast<std::byte>(d);
          if (!agree(ask_bytewise(text), judge(text)) || is_valid_utf8(text) != (judge(text).complete))
            FAIL(in_hex(text));
        }
      }
  SUCCEED("all");
}

TEST_CASE("UTF-8: every code point except the surrogates is valid") {
  octets all;
  for (std::uint32_t c = 0; c <= 0x10ffff; ++c) {
    const octets one = encode(c);
    const bool surrogate = c >= 0xd800 && c <= 0xdfff;
    if (is_valid_utf8(one) == surrogate) FAIL(in_hex(one));
    if (!surrogate) all.insert(all.end(), one.begin(), one.end());
  }
  CHECK(is_valid_utf8(all));

  utf8_validator validator;
  for (std::size_t i = 0; i < all.size(); i += 61)
    if (!validator.feed(std::span(all).subspan(i, std::min<std::size_t>(61, all.size() - i)))) FAIL(i);
  CHECK(validator.complete());
}

TEST_CASE("UTF-8: the first invalid byte is found at every position of a long text") {
  const std::string filler = GENERATE(as<std::string>(), "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                      "ab\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  for (const bad_text& bad : bad_texts)
    for (std::size_t before = 0; before <= 70; ++before) {
      // Starts with ASCII if whole characters do not give exactly this size.
      octets text;
      while (text.size() + filler.size() <= before) text = text + octets_of(filler);
      text = octets(before - text.size(), std::byte{'.'}) + text;
      const std::size_t first_bad = before + bad.bad;
      text = text + hex(bad.hex);
      const bool ends_too_early = first_bad == text.size();

      // A text that ends within a character is not invalid until something follows.
      CAPTURE(filler, before, bad.hex);
      if (ends_too_early) {
        utf8_validator validator;
        REQUIRE(validator.feed(text));
        REQUIRE_FALSE(validator.complete());
        REQUIRE_FALSE(is_valid_utf8(text));
      }
      for (const std::size_t after :
           {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{64}}) {
        const octets whole = text + octets(after, std::byte{'z'});
        if (ends_too_early && after == 0) continue;
        utf8_validator validator;
        REQUIRE(validator.feed(std::span(whole).first(first_bad)));
        REQUIRE_FALSE(validator.feed(std::span(whole).subspan(first_bad)));
        validator.reset();
        REQUIRE_FALSE(validator.feed(std::span(whole).first(first_bad + 1)));
        validator.reset();
        REQUIRE_FALSE(validator.feed(whole));
        // The validator rejects all further input.
        REQUIRE_FALSE(validator.feed(octets_of("fine")));
        REQUIRE_FALSE(validator.complete());
      }
    }
}

TEST_CASE("UTF-8: random texts with faults are validated like the reference, cut at random positions") {
  std::mt19937 random(20111205);
  const auto up_to = [&](std::size_t n) { return static_cast<std::size_t>(random() % (n + 1)); };
  for (int round = 0; round < 20'000; ++round) {
    octets text;
    const std::size_t size = up_to(200);
    const bool much_ascii = up_to(1) == 0;
    while (text.size() < size) {
      const std::uint32_t c = up_to(3) < (much_ascii ? 3u : 1u) ? random() % 0x80
                              : up_to(1) == 0                   ? random() % 0xd800
                                                                : 0xe000 + random() % (0x110000 - 0xe000);
      text = text + encode(c);
    }
    if (!text.empty())
      for (std::size_t faults = up_to(2); faults-- > 0;)
        text[up_to(text.size() - 1)] = static_cast<std::byte>(random());

    const verdict expected = judge(text);
    utf8_validator validator;
    std::size_t fed = 0;
    bool valid = true;
    while (fed < text.size() && valid) {
      const std::size_t here = 1 + up_to(text.size() - fed - 1);
      valid = validator.feed(std::span(text).subspan(fed, here));
      fed += here;
      if (valid != (expected.first_bad >= fed)) FAIL(in_hex(text));
    }
    if (validator.complete() != expected.complete) FAIL(in_hex(text));
    if (is_valid_utf8(text) != expected.complete) FAIL(in_hex(text));
  }
  SUCCEED("all");
}

TEST_CASE("UTF-8: empty text is valid and reset() makes the validator usable again") {
  utf8_validator validator;
  CHECK(validator.feed({}));
  CHECK(validator.complete());
  CHECK(validator.feed(hex("e2 82")));
  CHECK_FALSE(validator.complete());
  CHECK(validator.feed({}));
  CHECK_FALSE(validator.complete());
  CHECK(validator.feed(hex("ac")));
  CHECK(validator.complete());
  CHECK_FALSE(validator.feed(hex("ff")));
  CHECK_FALSE(validator.complete());
  validator.reset();
  CHECK(validator.feed(octets_of("fine")));
  CHECK(validator.complete());
}
