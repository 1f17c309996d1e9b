#include "platform/process.hpp"

#include <windows.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

#include "platform/child_process_windows.hpp"
#include "platform/process_result.hpp"
#include "platform/wide_text_windows.hpp"

namespace twinsocket::app {

namespace {

using clock = std::chrono::steady_clock;

class run {
 public:
  run(child_process& child, const process_limits& limits)
      : child_(child),
        deadline_(clock::now() + std::min<std::chrono::milliseconds>(limits.time(), max_run_time)),
        most_(std::min(limits.output(), std::string().max_size() - 1)) {}

  run_result watch(const detail::unique_handle& stop) {
    run_result how = follow(stop);
    child_.kill_all();
    // What was printed before the end is there. Those who print more are killed.
    if (how == run_result::ended) {
      while (child_.output.is_ready() && read_output()) {
      }
      if (text_.size() > most_) how = run_result::output_too_large;
      if (child_.error_text.is_ready()) static_cast<void>(read_error_text());
    }
    return how;
  }

  [[nodiscard]] std::string take_text() { return std::move(text_); }
  [[nodiscard]] const std::string& error_text() const noexcept { return error_text_; }

 private:
  run_result follow(const detail::unique_handle& stop) {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock::now()).count();
      if (left <= 0) return run_result::timed_out;
      const std::array events{stop.get(), child_.process(), child_.output.event(), child_.error_text.event()};
      const auto wait = static_cast<DWORD>(std::min<std::int64_t>(left, std::numeric_limits<std::int32_t>::max()));
      switch (::WaitForMultipleObjects(static_cast<DWORD>(events.size()), events.data(), FALSE, wait)) {
        case WAIT_OBJECT_0: return run_result::stopped;
        case WAIT_OBJECT_0 + 1: return run_result::ended;
        case WAIT_OBJECT_0 + 2: static_cast<void>(read_output()); break;
        case WAIT_OBJECT_0 + 3: static_cast<void>(read_error_text()); break;
        default: break;
      }
      if (text_.size() > most_) return run_result::output_too_large;
    }
  }

  // Reads up to one byte beyond the limit, to detect that it was exceeded.
  bool read_output() { return child_.output.read(text_, most_ + 1 - text_.size()); }
  bool read_error_text() { return child_.error_text.read(error_text_, max_error_text_size - error_text_.size()); }

  child_process& child_;
  const clock::time_point deadline_;
  const std::size_t most_;
  std::string text_;
  std::string error_text_;
};

bool is_file(const std::string& path) {
  const DWORD attributes = ::GetFileAttributesW(detail::to_wide(path).c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

// Only programs: Windows runs a batch file by its shell, which reads the arguments in its own way.
std::string with_extension(std::string path) {
  const std::string end = path.size() < 4 ? "" : path.substr(path.size() - 4);
  const bool has_one = ::_stricmp(end.c_str(), ".exe") == 0 || ::_stricmp(end.c_str(), ".com") == 0;
  return has_one ? path : path + ".exe";
}

std::string search_path() {
  std::wstring path(32'768, L'\0');
  path.resize(::GetEnvironmentVariableW(L"PATH", path.data(), static_cast<DWORD>(path.size())));
  return detail::to_utf8(path);
}

}  // namespace

result<std::string> find_program(std::string_view name) {
  const std::string file = with_extension(std::string(name));
  if (name.find_first_of("/\\:") != std::string_view::npos) {
    if (!is_file(file)) return error(errc::invalid_argument, "\"" + file + "\" is not a program that can be run");
    return file;
  }
  const std::string folders = search_path();
  for (std::size_t at = 0; at <= folders.size() && !name.empty();) {
    const std::size_t end = std::min(folders.find(';', at), folders.size());
    const std::string folder = folders.substr(at, end - at);
    // Not the current folder, which anybody may have written to.
    if (std::string path = folder + "\\" + file; !folder.empty() && is_file(path)) return path;
    at = end + 1;
  }
  return error(errc::invalid_argument, "no program \"" + std::string(name) + "\" is in PATH");
}

result<std::string> run_program(const std::string& program, const std::vector<std::string>& words,
                                const process_limits& limits, const std::stop_token& stop) {
  const detail::unique_handle stopped(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
  child_process child;
  const std::error_code failure = child.start(program, words);
  if (failure) return error(errc::system, "the program \"" + program + "\" could not be started", failure);
  const std::stop_callback on_stop(stop, [&] { ::SetEvent(stopped.get()); });

  run running(child, limits);
  const run_result how = running.watch(stopped);
  if (how != run_result::ended) return describe_kill(how, program, limits);
  const DWORD code = child.exit_code();
  if (code == 0) return running.take_text();
  return describe_failure(program, "ended with exit code " + std::to_string(code), running.error_text());
}

}  // namespace twinsocket::app
