#pragma once

// Which run of a server a connection reaches. A server that was started again may have lost its last publications, and so may
// a replica that took its place: offsets of the old run cannot be continued.
//
// A command may be made before there is a connection. It then ends with a placeholder.

#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// Stands for every run where restarts keep all data, and for the run that is not known yet.
inline constexpr std::string_view any_run_id = "0000000000000000000000000000000000000000";

/// The member "run_id" of the answer to INFO. Nothing if it has none of the usual form.
[[nodiscard]] inline std::optional<std::string_view> find_run_id(std::string_view info) {
  constexpr std::string_view name = "\nrun_id:";
  const std::size_t at = info.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  info.remove_prefix(at + name.size());
  info = info.substr(0, info.find('\r'));
  if (info.size() != any_run_id.size() || info.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  return info;
}

/// The member "redis_mode" of the answer to INFO, which is "server_mode" in Valkey.
[[nodiscard]] inline bool is_redis_cluster(std::string_view info) {
  return info.find("\nredis_mode:cluster\r") != info.npos || info.find("\nserver_mode:cluster\r") != info.npos;
}

/// The run as the last argument of a command, in the protocol of Redis. In a cluster it begins with "cluster:", by which the
/// scripts know how to publish.
[[nodiscard]] inline std::string run_argument(std::string_view id, bool in_cluster) {
  std::string out = in_cluster ? "$48\r\ncluster:" : "$40\r\n";
  return out.append(id).append("\r\n");
}

/// Puts the argument into a command whose last argument is any_run_id.
inline void set_run(std::string& command, std::string_view argument) {
  constexpr std::size_t placeholder_size = std::string_view("$40\r\n").size() + any_run_id.size() + 2;
  command.replace(command.size() - placeholder_size, placeholder_size, argument);
}

}  // namespace twinsocket::detail
