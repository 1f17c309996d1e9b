#include "twinsocket/close.hpp"

namespace twinsocket {

std::string_view describe(close_code code) noexcept {
  switch (code) {
    case close_code::normal: return "normal";
    case close_code::going_away: return "going away";
    case close_code::protocol_error: return "protocol error";
    case close_code::unsupported_data: return "unsupported data";
    case close_code::no_status: return "no status";
    case close_code::abnormal: return "abnormal";
    case close_code::invalid_payload: return "invalid payload";
    case close_code::policy_violation: return "policy violation";
    case close_code::message_too_big: return "message too big";
    case close_code::mandatory_extension: return "mandatory extension";
    case close_code::internal_error: return "internal error";
    case close_code::service_restart: return "service restart";
    case close_code::try_again_later: return "try again later";
    case close_code::bad_gateway: return "bad gateway";
    case close_code::tls_failed: return "TLS failed";
  }
  const auto number = static_cast<std::uint16_t>(code);
  return number >= 3000 && number <= 4999 ? "application" : "unassigned";
}

std::string describe(const close_info& end) {
  std::string_view meaning = describe(end.code);
  if (end.is(close_code::abnormal)) {
    meaning = "the connection ended without a close frame";
    if (end.initiator == close_initiator::local) meaning = "the connection ended before the peer answered our close";
  }
  std::string text = std::to_string(static_cast<std::uint16_t>(end.code)) + " (";
  text.append(meaning).append(")");
  if (!end.reason.empty()) text += " " + end.reason;
  return text;
}

}  // namespace twinsocket
