#pragma once

// The base class of the document writers. A writer walks a value along its type description. On an error the walk ends,
// and the path is collected while the calls return.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "codec/document_error.hpp"
#include "codec/output_buffer.hpp"
#include "twinsocket/detail/shape.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

class document_writer {
 public:
  explicit document_writer(std::size_t max_depth) : max_depth_(max_depth) {}

  /// Returns the message, or the error if the document was not `written`.
  [[nodiscard]] result<message> finish(bool written, message_kind kind) &&;

 protected:
  // The recursive functions are separate from those with large stack frames, which are not inlined into them, because the
  // stack may be small. All of these return false if they reject the value.

  bool reject(errc code, std::string reason);
  bool reject_utf8(std::string_view text);
  /// Enters a nested level.
  bool enter();
  bool leave() {
    --depth_;
    return true;
  }
  /// Finds the name of an enumerator.
  bool find_name(const enumeration_shape& type, const void* value, std::string_view& name);
  /// The active alternative of a variant. Null after an error.
  const alternative* active_alternative(const variant_shape& type, const void* value);
  void put_base64(std::span<const std::byte> bytes);
  /// Converts a value to its wire form and passes that to `write`.
  bool convert(const converted_shape& type, const void* value, visitor<const void*> write);

  output_buffer out_;
  document_error error_;

 private:
  std::size_t max_depth_;
  std::size_t depth_ = 0;
};

}  // namespace twinsocket::detail
