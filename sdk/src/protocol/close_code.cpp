#include "protocol/close_code.hpp"

#include <cstring>

#include "protocol/utf8.hpp"

namespace twinsocket::detail {

parsed_close parse_close(std::span<const std::byte> payload) noexcept {
  if (payload.empty()) return {};
  if (payload.size() == 1) return {.why = errc::protocol_violation};
  const auto code =
      static_cast<close_code>(std::to_integer<unsigned>(payload[0]) << 8 | std::to_integer<unsigned>(payload[1]));
  if (!is_sendable(code)) return {.code = code, .why = errc::invalid_close_code};
  const auto reason = payload.subspan(2);
  if (!is_valid_utf8(reason)) return {.code = code, .why = errc::invalid_utf8};
  return {.code = code, .reason = {reinterpret_cast<const char*>(reason.data()), reason.size()}};
}

std::size_t encode_close(close_code code, std::string_view reason, std::byte* out) noexcept {
  if (code == close_code::no_status) return 0;
  const auto number = static_cast<unsigned>(code);
  out[0] = static_cast<std::byte>(number >> 8);
  out[1] = static_cast<std::byte>(number & 0xff);
  reason = truncate_reason(reason);
  if (!reason.empty()) std::memcpy(out + 2, reason.data(), reason.size());
  return 2 + reason.size();
}

std::string_view truncate_reason(std::string_view reason) noexcept {
  if (reason.size() <= max_close_reason) return reason;
  // The text may be cut only before the first byte of a character. Continuation bytes have the form 10xxxxxx.
  std::size_t size = max_close_reason;
  while (size > 0 && (static_cast<unsigned char>(reason[size]) & 0xc0) == 0x80) --size;
  return reason.substr(0, size);
}

}  // namespace twinsocket::detail
