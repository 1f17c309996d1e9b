#include "workload.hpp"

#include <zlib.h>

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

std::string readings(std::size_t bytes, std::size_t number) {
  std::string data = "{\"source\":\"hwmon\",\"time\":" + std::to_string(1'700'000'000'000 + number) + ",\"readings\":[";
  auto next = static_cast<std::uint32_t>(number * 2654435761U + 1);
  for (std::size_t i = 0; data.size() + 160 < bytes; ++i) {
    next = next * 1664525U + 1013904223U;
    data += (i > 0 ? ",{" : "{") + std::string("\"chip\":\"coretemp-isa-0000\",\"label\":\"Core ") + std::to_string(i) +
            "\",\"kind\":\"temperature\",\"value\":" + std::to_string(30 + (next >> 24) % 50) + '.' +
            std::to_string((next >> 16) % 1000) + ",\"high\":80,\"critical\":100}";
  }
  data += "],\"note\":\"";
  data.append(bytes > data.size() + 2 ? bytes - data.size() - 2 : 0, '.');
  return data + "\"}";
}

// RFC 7692 section 7.2.1.
std::string deflated(const std::string& payload) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, payload.size()) + 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(payload.data()));
  stream.avail_in = static_cast<uInt>(payload.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out - 4);
  deflateEnd(&stream);
  return out;
}

std::string make_payload(content kind, std::size_t bytes, std::size_t number) {
  switch (kind) {
    case content::ascii: return prose(R"({"label":"Core 0","value":45.5},)", bytes, number);
    case content::unicode:
      return prose(
          "Gr\xc3\xbc\xc3\x9f"
          "e \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 ",
          bytes, number);
    case content::json: return readings(bytes, number);
    case content::binary: break;
  }
  return noise(bytes, number);
}

void append_frame(std::string& to, unsigned first, std::string_view payload) {
  to += static_cast<char>(0x80 | first);
  const std::size_t length_bytes = payload.size() < 126 ? 0 : payload.size() < 65'536 ? 2 : 8;
  const auto length = length_bytes == 0 ? payload.size() : length_bytes == 2 ? 126 : 127;
  to += static_cast<char>(0x80 | length);
  for (std::size_t i = length_bytes; i-- > 0;) to += static_cast<char>(payload.size() >> (8 * i) & 0xff);
  to.append(mask_key.data(), mask_key.size());
  for (std::size_t i = 0; i < payload.size(); ++i) to += static_cast<char>(payload[i] ^ mask_key[i % mask_key.size()]);
}

}  // namespace

workload::workload(content kind, std::size_t bytes, std::size_t depth, std::size_t bursts, bool deflate)
    : opcode_(kind == content::binary ? 2 : 1), deflate_(deflate), bursts_(bursts) {
  for (std::size_t i = 0; i < bursts * depth; ++i) {
    payloads_.push_back(make_payload(kind, bytes, i));
    std::string& burst = bursts_[i / depth];
    if (deflate) {
      append_frame(burst, 0x40 | opcode_, deflated(payloads_.back()));
    } else {
      append_frame(burst, opcode_, payloads_.back());
    }
  }
}

}  // namespace bench
