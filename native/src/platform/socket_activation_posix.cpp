#include "platform/socket_activation.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace twinsocket::detail {

namespace {

constexpr int first_descriptor = 3;
// More than a process may open by default.
constexpr long max_descriptors = 4'096;

std::optional<long> number_of(std::string_view text) {
  long number = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || rest != text.data() + text.size()) return {};
  return number;
}

error activation_error(const std::string& why) {
  return {errc::invalid_argument, "no sockets were passed to this process: " + why};
}

}  // namespace

result<std::vector<passed_socket>> parse_listen_environment(const char* pid, const char* count, const char* names,
                                                            long self) {
  if (!pid || !count) return activation_error("LISTEN_PID and LISTEN_FDS are not set");
  if (number_of(pid) != self)
    return activation_error("LISTEN_PID is \"" + std::string(pid) + "\", this process is " + std::to_string(self));
  const auto descriptors = number_of(count);
  if (!descriptors || *descriptors < 1 || *descriptors > max_descriptors)
    return activation_error("LISTEN_FDS is \"" + std::string(count) + "\", not a number from 1 to " +
                            std::to_string(max_descriptors));
  std::vector<passed_socket> passed;
  for (int i = 0; i < *descriptors; ++i) passed.push_back({first_descriptor + i, "unknown"});
  if (!names) return passed;
  std::string_view rest = names;
  for (passed_socket& one : passed) {
    if (rest.data() == nullptr) break;
    const std::size_t colon = rest.find(':');
    one.name = rest.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    if (colon == std::string_view::npos && &one != &passed.back())
      return activation_error("LISTEN_FDNAMES \"" + std::string(names) + "\" does not have " +
                              std::to_string(*descriptors) + " names");
  }
  if (rest.data() != nullptr)
    return activation_error("LISTEN_FDNAMES \"" + std::string(names) + "\" does not have " +
                            std::to_string(*descriptors) + " names");
  return passed;
}

result<std::vector<passed_socket>> passed_sockets() {
  auto passed = parse_listen_environment(std::getenv("LISTEN_PID"), std::getenv("LISTEN_FDS"),
                                         std::getenv("LISTEN_FDNAMES"), static_cast<long>(::getpid()));
  if (!passed) return passed;
  for (const passed_socket& one : *passed)
    if (const int flags = ::fcntl(one.descriptor, F_GETFD); flags >= 0)
      ::fcntl(one.descriptor, F_SETFD, flags | FD_CLOEXEC);
  return passed;
}

}  // namespace twinsocket::detail
