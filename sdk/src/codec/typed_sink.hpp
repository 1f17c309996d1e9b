#pragma once

// Fills a described value from the events of a JSON or CBOR parser, without an intermediate document. It checks types,
// ranges, duplicates and paths. The parser checks grammar and reports positions.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/document_error.hpp"
#include "codec/number.hpp"
#include "codec/scalar.hpp"
#include "twinsocket/detail/document.hpp"
#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// The differences between formats.
enum class document_format : std::uint8_t {
  json,  ///< Bytes are base64 strings. Numbers are strings too if so described.
  cbor,  ///< Bytes are byte strings. Numbers are numbers, including NaN and infinities.
};

class typed_sink {
 public:
  /// `value` is a new value of the type. After an error it is partially filled.
  typed_sink(const shape& type, void* value, document_options rules, document_format format = document_format::json)
      : root_{&type, value}, options_(rules), format_(format) {
    frames_.reserve(8);
  }
  typed_sink(const typed_sink&) = delete;
  typed_sink& operator=(const typed_sink&) = delete;
  ~typed_sink();

  // Events. Each returns false if it rejects the document; why() then returns the error.
  bool null();
  bool boolean(bool value);
  bool number(integer value);
  /// Only in CBOR.
  bool number(double value);
  /// A number that fits in no integer type. Converted only when needed.
  bool number(const number_parts& value);
  bool string(std::string_view value);
  /// Only in CBOR.
  bool bytes(std::span<const std::byte> value);
  bool start_object();
  bool key(std::string_view name);
  /// The member that key() expects next: in a struct the one after the last. Null if there is none.
  [[nodiscard]] const member_shape* likely_member() const noexcept;
  /// The same as key() with the name of likely_member().
  bool accept_likely_member();
  bool end_object();
  bool start_array();
  bool end_array();

  /// Rejects the document for an error of the parser, at the current path.
  bool reject(errc code, std::string reason);
  [[nodiscard]] const document_error& why() const noexcept { return error_; }

 private:
  struct target {
    const shape* type = nullptr;
    void* value = nullptr;
  };
  // An open object or array, or a converted value whose wire form is being read.
  struct frame {
    const shape* type;
    void* object;
    void* slot = nullptr;   // Where the next value goes, for a map or variant; or the wire form.
    std::size_t index = 0;  // The current member or alternative; for a list the number of elements begun.
    bool inside = false;    // A value in it has begun.
    member_set seen{};
  };

  // Counts the levels of a value that is skipped. `levels` is 1 at its opening bracket and -1 at its closing one.
  bool skips(int levels) {
    if (skipping_ == 0) return false;
    skip(levels);
    return true;
  }
  void skip(int levels);
  // These return a target without a type if they reject the document.
  target begin_value();
  target begin_rare_value();
  target descend();
  target unwrap(target next, bool is_null = false);
  bool end_value();
  bool end_converted();
  bool enter();
  bool too_deep();
  bool unfinished_record(const frame& top);
  bool wrong_count(std::size_t expected, std::size_t found);
  bool read_integer(target next, integer value);
  bool read_string(target next, std::string_view value);
  bool expected(const shape& type, std::string_view found);
  bool reject_real(const shape& type, std::string_view text);
  bool name_member(frame& top, std::string_view name);
  bool name_alternative(frame& top, std::string_view name);

  target root_;
  document_options options_;
  document_format format_;
  document_error error_;
  std::vector<frame> frames_;
  std::size_t depth_ = 0;
  // While a value is skipped: 1, plus one for each array and object that is open in it.
  std::size_t skipping_ = 0;
  bool as_string_ = false;  // The next value is a number or a boolean in a string. Only in JSON.
};

}  // namespace twinsocket::detail

#include "codec/typed_sink_inline.hpp"
