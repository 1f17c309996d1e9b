#pragma once

// Which run of a server a connection reaches. A server that was started again may have lost its last publications, and so may
// a replica that took its place: offsets of the old run cannot be continued.
//
// A command may be made before there is a connection. It then ends with a placeholder of the same size.

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

/// Puts a run into a command whose last argument is any_run_id.
inline void set_run_id(std::string& command, std::string_view id) {
  constexpr std::size_t line_end = 2;
  command.replace(command.size() - line_end - any_run_id.size(), any_run_id.size(), id);
}

}  // namespace twinsocket::detail
