#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/typed_sink.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/cbor.hpp"

namespace twinsocket {

namespace detail {

namespace {

// The major types of RFC 8949 section 3.1.
enum class major : std::uint8_t { positive, negative, bytes, text, array, map, tag, simple };

struct head {
  major type;
  std::uint8_t info;       // The lower five bits of the first byte.
  std::uint64_t argument;  // For a floating-point number: its bits.
  [[nodiscard]] bool indefinite() const { return info == 31; }
};

double half_of(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const auto mantissa = static_cast<double>(bits & 1023);
  double value = 0;
  if (exponent == 31)
    value = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  else
    value = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
  return bits & 0x8000 ? -value : value;
}

double number_of(const head& from) {
  if (from.info == 25) return half_of(from.argument);
  if (from.info == 27) {
    double value = 0;
    std::memcpy(&value, &from.argument, sizeof value);
    return value;
  }
  const auto bits = static_cast<std::uint32_t>(from.argument);
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Parses a document item by item and drives the sink. Open containers are in a list instead of on the stack; the sink's
// depth limit bounds it. nlohmann's reader is recursive, misreads integers below -2^63, and does not validate strings.
class cbor_reader {
 public:
  cbor_reader(std::span<const std::byte> document, typed_sink& sink) : document_(document), sink_(sink) {}

  result<void> read() {
    do {
      if (!item() || !close_complete_containers())
        return sink_.why().to_error("at byte " + std::to_string(error_position_));
    } while (!open_.empty());
    if (at_ == document_.size()) return {};
    reject(at_, errc::malformed, "expected the end of the document");
    return sink_.why().to_error("at byte " + std::to_string(error_position_));
  }

 private:
  struct container {
    std::uint64_t left;  // Remaining items; for a map keys and values.
    bool map;
    bool indefinite;
    bool key_next;
  };

  bool reject(std::size_t at, errc code, std::string reason) {
    error_position_ = at;
    return sink_.reject(code, std::move(reason));
  }
  bool located(bool accepted) {
    error_position_ = item_start_;
    return accepted;
  }
  [[nodiscard]] std::size_t left() const { return document_.size() - at_; }

  bool read_head(head& next) {
    if (!left()) return reject(at_, errc::malformed, "the document ends too early");
    const auto first = static_cast<std::uint8_t>(document_[at_++]);
    next = {static_cast<major>(first >> 5), static_cast<std::uint8_t>(first & 31),
            static_cast<std::uint64_t>(first & 31)};
    if (next.info < 24) return true;
    if (next.info > 27) {
      const bool may_be_indefinite =
          (next.type >= major::bytes && next.type <= major::map) || next.type == major::simple;
      if (next.indefinite() && may_be_indefinite) return true;
      return reject(at_ - 1, errc::malformed, "an invalid initial byte: " + std::to_string(first));
    }
    const std::size_t size = std::size_t{1} << (next.info - 24);
    if (left() < size) return reject(document_.size(), errc::malformed, "the document ends too early");
    next.argument = 0;
    for (std::size_t i = 0; i < size; ++i)
      next.argument = next.argument << 8 | static_cast<std::uint8_t>(document_[at_++]);
    return true;
  }

  // Reads one item, or the start of an array or map.
  bool item() {
    item_start_ = at_;
    head next{};
    if (!read_head(next)) return false;
    bool tagged = false;
    for (; next.type == major::tag; tagged = true)
      if (!read_head(next)) return false;
    if (next.type == major::simple && next.indefinite()) {
      if (tagged) return reject(at_ - 1, errc::malformed, "a tag without an item");
      return end_indefinite();
    }
    if (!open_.empty()) {
      container& in = open_.back();
      if (!in.indefinite) --in.left;
      if (in.map) {
        in.key_next = !in.key_next;
        if (!in.key_next) return key(next);
      }
    }
    switch (next.type) {
      case major::positive: return located(sink_.number(integer{false, next.argument}));
      case major::negative: return negative(next.argument);
      case major::bytes: {
        std::span<const std::byte> bytes;
        return string_of(next, bytes) && located(sink_.bytes(bytes));
      }
      case major::text: {
        std::span<const std::byte> bytes;
        return string_of(next, bytes) && located(sink_.string(as_text(bytes)));
      }
      case major::array: return located(sink_.start_array()) && open(next, false);
      case major::map: return located(sink_.start_object()) && open(next, true);
      default: return simple(next);
    }
  }

  bool open(const head& next, bool map) {
    // Each item takes at least one byte.
    if (!next.indefinite() && next.argument > left() / (map ? 2 : 1))
      return reject(document_.size(), errc::malformed, "the document ends too early");
    open_.push_back({next.indefinite() ? 0 : next.argument * (map ? 2 : 1), map, next.indefinite(), map});
    return true;
  }

  bool close() {
    const bool map = open_.back().map;
    open_.pop_back();
    error_position_ = at_;
    return map ? sink_.end_object() : sink_.end_array();
  }
  bool close_complete_containers() {
    while (!open_.empty() && !open_.back().indefinite && open_.back().left == 0)
      if (!close()) return false;
    return true;
  }
  bool end_indefinite() {
    if (open_.empty() || !open_.back().indefinite) return reject(at_ - 1, errc::malformed, "an unexpected break");
    if (open_.back().map && !open_.back().key_next) return reject(at_ - 1, errc::malformed, "a key without a value");
    return close();
  }

  bool key(const head& next) {
    if (next.type != major::text) return reject(item_start_, errc::type_mismatch, "a key that is not a string");
    std::span<const std::byte> bytes;
    return string_of(next, bytes) && located(sink_.key(as_text(bytes)));
  }

  // The bytes of a string. The chunks of an indefinite-length string are concatenated. RFC 8949 section 3.2.3: a
  // character must not be split across chunks.
  bool string_of(const head& next, std::span<const std::byte>& bytes) {
    if (!next.indefinite()) return piece_of(next, bytes);
    joined_.clear();
    for (;;) {
      const std::size_t begin = at_;
      head piece{};
      if (!read_head(piece)) return false;
      if (piece.type == major::simple && piece.indefinite()) break;
      if (piece.type != next.type || piece.indefinite())
        return reject(begin, errc::malformed, "an invalid chunk in an indefinite-length string");
      if (!piece_of(piece, bytes)) return false;
      joined_.insert(joined_.end(), bytes.begin(), bytes.end());
    }
    bytes = joined_;
    return true;
  }
  bool piece_of(const head& next, std::span<const std::byte>& bytes) {
    if (next.argument > left()) return reject(document_.size(), errc::malformed, "the document ends too early");
    bytes = document_.subspan(at_, static_cast<std::size_t>(next.argument));
    if (next.type == major::text && !is_valid_utf8(bytes))
      return reject(item_start_, errc::invalid_utf8, "a string that is not UTF-8");
    at_ += bytes.size();
    return true;
  }
  static std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  bool negative(std::uint64_t argument) {
    // The value is -1 - argument. Below -2^63 it fits in no integer type, but in a double.
    if (argument >> 63) return located(sink_.number(-1.0 - static_cast<double>(argument)));
    return located(sink_.number(integer{true, argument + 1}));
  }
  bool simple(const head& next) {
    if (next.info >= 25) return located(sink_.number(number_of(next)));
    if (next.info == 24 && next.argument < 32)
      return reject(item_start_, errc::malformed, "a simple value below 32 in two bytes");
    switch (next.argument) {
      case 20:
      case 21: return located(sink_.boolean(next.argument == 21));
      case 22:
      case 23: return located(sink_.null());
      default:
        return reject(item_start_, errc::type_mismatch,
                      "an unsupported simple value: " + std::to_string(next.argument));
    }
  }

  std::span<const std::byte> document_;
  typed_sink& sink_;
  std::size_t at_ = 0;
  std::size_t item_start_ = 0;
  std::size_t error_position_ = 0;
  std::vector<container> open_;
  std::vector<std::byte> joined_;
};

}  // namespace

}  // namespace detail

result<void> cbor_codec::read(const message& received, const detail::shape& type, void* value) const {
  if (received.is_text()) return error(errc::wrong_kind, "expected a binary message, found a text one");
  detail::typed_sink sink(type, value, options_, detail::document_format::cbor);
  return detail::cbor_reader(received.bytes(), sink).read();
}

}  // namespace twinsocket
