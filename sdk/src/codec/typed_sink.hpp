#pragma once

// Takes the events of a parser of JSON or of CBOR and fills a described value with them, with no document in between. It
// knows types, ranges, duplicates and paths; the grammar and the positions are the parser's.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/member_set.hpp"
#include "codec/number.hpp"
#include "codec/refusal.hpp"
#include "codec/scalar.hpp"
#include "twinsocket/detail/document.hpp"
#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// What a format has of its own.
enum class document_format : std::uint8_t {
  json,  ///< Bytes are strings in base64, and so are numbers that are described so.
  cbor,  ///< Bytes are bytes, and numbers are numbers, NaN and the infinities among them.
};

class typed_sink {
 public:
  /// `value` is a new value of the type; after a refusal it is filled in part.
  typed_sink(const shape& type, void* value, document_rules rules, document_format format = document_format::json)
      : root_{&type, value}, rules_(rules), format_(format) {
    frames_.reserve(8);
  }
  typed_sink(const typed_sink&) = delete;
  typed_sink& operator=(const typed_sink&) = delete;
  ~typed_sink();

  // An event returns false when it refuses the document; why() then says why.
  bool null();
  bool boolean(bool value);
  bool number(integer value);
  bool number(double value);
  /// A number that no integer can hold; converted only when it is wanted.
  bool number(const number_parts& value);
  bool string(std::string_view value);
  bool bytes(std::span<const std::byte> value);
  bool start_object();
  bool key(std::string_view name);
  bool end_object();
  bool start_array();
  bool end_array();

  /// Refuses for a reason that the parser found, at the place where the events have come to.
  bool refuse(errc code, std::string reason);
  [[nodiscard]] const refusal& why() const noexcept { return refusal_; }

 private:
  struct target {
    const shape* type;
    void* value;
  };
  // An object or array that is open, or a converted value whose wire form is being read.
  struct frame {
    const shape* type;
    void* object;
    void* slot = nullptr;   // Where the next value goes: of a map or variant, or the wire form.
    std::size_t index = 0;  // The member or alternative that was named; how many elements were begun.
    bool inside = false;    // A value in it has begun.
    member_set seen{};
  };

  // Counts a value that is passed over; `levels` is 1 at its opening bracket and -1 at its closing one.
  bool skips(int levels) { return skipping_ && skip(levels); }
  bool skip(int levels);
  bool begin_value(target& next);
  bool descend(target& next);
  bool end_value();
  bool enter();
  bool expected(const shape& type, std::string_view found);
  bool refuse_real(const shape& type, std::string_view text);
  bool name_member(frame& top, std::string_view name);
  bool name_alternative(frame& top, std::string_view name);

  target root_;
  document_rules rules_;
  document_format format_;
  refusal refusal_;
  std::vector<frame> frames_;
  std::size_t depth_ = 0;
  // While a value is passed over: 1 before it, and one more for each array and object that is open in it.
  std::size_t skipping_ = 0;
  bool as_string_ = false;
};

}  // namespace twinsocket::detail
