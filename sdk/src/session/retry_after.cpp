#include "session/retry_after.hpp"

#include <charconv>
#include <string>

#include "twinsocket/reconnect_policy.hpp"

namespace twinsocket {

namespace {

constexpr std::string_view name = "Retry-After: ";

}  // namespace

std::string retry_after(std::chrono::seconds time) { return std::string(name) + std::to_string(time.count()); }

namespace detail {

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value) noexcept {
  std::uint32_t seconds = 0;
  const char* const end = value.data() + value.size();
  const auto [rest, failure] = std::from_chars(value.data(), end, seconds);
  if (value.empty() || rest != end) return std::nullopt;
  // Saturated. No client waits that long.
  if (failure == std::errc::result_out_of_range) return std::chrono::seconds(UINT32_MAX);
  return std::chrono::seconds(seconds);
}

std::optional<std::chrono::seconds> find_retry_after(std::string_view reason) noexcept {
  const std::size_t at = reason.rfind(name);
  if (at == reason.npos) return std::nullopt;
  return parse_retry_after(reason.substr(at + name.size()));
}

}  // namespace detail

}  // namespace twinsocket
