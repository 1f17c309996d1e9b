#pragma once

// What the writers of documents share. Each walks a value along its table; a refusal ends the walk, and on the way out
// gathers the path.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "codec/output.hpp"
#include "codec/refusal.hpp"
#include "twinsocket/detail/shape.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

class document_writer {
 public:
  explicit document_writer(std::size_t max_depth) : max_depth_(max_depth) {}

  /// The message, or why there is none when the document was not `written`.
  [[nodiscard]] result<message> finish(bool written, message_kind kind) &&;

 protected:
  // The functions that call each other for each level are kept apart from those with much on the stack, which may be
  // small: the latter are not inlined into the former. All of them return false when they refuse the value.

  bool refuse(errc code, std::string reason);
  bool refuse_utf8(std::string_view text);
  /// Goes a level down.
  bool enter();
  bool leave() {
    --depth_;
    return true;
  }
  /// Finds the name that an enumerator goes by.
  bool find_name(const enumeration_shape& type, const void* value, std::string_view& name);
  /// What a variant holds; a null pointer when that is refused.
  const alternative* find_held(const variant_shape& type, const void* value);
  void put_base64(std::span<const std::byte> bytes);
  /// Has the wire form of a value written.
  bool convert(const converted_shape& type, const void* value, visitor<const void*> write);

  output out_;
  refusal refusal_;

 private:
  std::size_t max_depth_;
  std::size_t depth_ = 0;
};

}  // namespace twinsocket::detail
