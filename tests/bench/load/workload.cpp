#include "workload.hpp"

#include <array>
#include <cstdint>

namespace bench {

namespace {

constexpr std::array<char, 4> mask_key{0x37, static_cast<char>(0xfa), 0x21, 0x3d};

std::string noise(std::size_t bytes, std::size_t seed) {
  std::string data(bytes, '\0');
  auto next = static_cast<std::uint32_t>(seed * 2654435761U + 1);
  for (char& byte : data) {
    next = next * 1664525U + 1013904223U;
    byte = static_cast<char>(next >> 24);
  }
  return data;
}

std::string prose(std::string_view words, std::size_t bytes, std::size_t number) {
  std::string data = std::to_string(number) + ' ';
  data.resize(data.size() < bytes ? data.size() : bytes);
  while (data.size() + words.size() <= bytes) data += words;
  // Padding, so that no character is cut.
  data.append(bytes - data.size(), '.');
  return data;
}

std::string make_payload(content kind, std::size_t bytes, std::size_t number) {
  switch (kind) {
    case content::ascii: return prose(R"({"label":"Core 0","value":45.5},)", bytes, number);
    case content::unicode:
      return prose(
          "Gr\xc3\xbc\xc3\x9f"
          "e \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 ",
          bytes, number);
    case content::binary: break;
  }
  return noise(bytes, number);
}

void append_frame(std::string& to, unsigned opcode, std::string_view payload) {
  to += static_cast<char>(0x80 | opcode);
  const std::size_t length_bytes = payload.size() < 126 ? 0 : payload.size() < 65'536 ? 2 : 8;
  const auto length = length_bytes == 0 ? payload.size() : length_bytes == 2 ? 126 : 127;
  to += static_cast<char>(0x80 | length);
  for (std::size_t i = length_bytes; i-- > 0;) to += static_cast<char>(payload.size() >> (8 * i) & 0xff);
  to.append(mask_key.data(), mask_key.size());
  for (std::size_t i = 0; i < payload.size(); ++i) to += static_cast<char>(payload[i] ^ mask_key[i % mask_key.size()]);
}

}  // namespace

workload::workload(content kind, std::size_t bytes, std::size_t depth) : opcode_(kind == content::binary ? 2 : 1) {
  for (std::size_t i = 0; i < depth; ++i) {
    payloads_.push_back(make_payload(kind, bytes, i));
    append_frame(burst_, opcode_, payloads_.back());
  }
}

}  // namespace bench
