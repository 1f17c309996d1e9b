#include "codec/document_writer.hpp"

#include <utility>

#include "codec/scalar.hpp"
#include "protocol/base64.hpp"

namespace twinsocket::detail {

result<message> document_writer::finish(bool written, message_kind kind) && {
  if (!written) return error_.to_error();
  return message(kind, std::move(out_).take());
}

bool document_writer::reject(errc code, std::string reason) {
  error_ = document_error(code, std::move(reason));
  return false;
}

bool document_writer::reject_utf8(std::string_view text) {
  return reject(errc::invalid_utf8, quote_for_error(text) + " is not UTF-8");
}

bool document_writer::enter() {
  if (depth_ == max_depth_)
    return reject(errc::too_deep, "nested deeper than " + std::to_string(max_depth_) + " levels");
  ++depth_;
  return true;
}

bool document_writer::find_name(const enumeration_shape& type, const void* value, std::string_view& name) {
  name = load_name(type, value);
  if (name.empty()) return reject(errc::invalid_argument, unnamed_enumerator_error(type, value));
  return true;
}

const alternative* document_writer::active_alternative(const variant_shape& type, const void* value) {
  const std::size_t index = type.index(value);
  if (index < type.alternatives.size()) return &type.alternatives[index];
  reject(errc::invalid_argument, "the variant has no value");
  return nullptr;
}

void document_writer::put_base64(std::span<const std::byte> bytes) {
  out_.put(base64_size(bytes.size()), [&](char* at) {
    write_base64(at, bytes);
    return at + base64_size(bytes.size());
  });
}

bool document_writer::convert(const converted_shape& type, const void* value, visitor<const void*> write) {
  std::string why_not;
  if (type.to_wire(value, write, why_not)) return true;
  // Without a reason, `write` failed and its error is set.
  if (!why_not.empty()) reject(errc::invalid_argument, std::move(why_not));
  return false;
}

}  // namespace twinsocket::detail
