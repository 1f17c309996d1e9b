#include "platform/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>

#include "platform/close_from_posix.hpp"
#include "platform/process_result.hpp"

// POSIX requires the program to declare it, though some systems do it in a header.
extern char** environ;

namespace twinsocket::app {

namespace {

using clock = std::chrono::steady_clock;

error system_error(std::string detail, int code) {
  return {errc::system, std::move(detail), std::error_code(code, std::system_category())};
}

class file {
 public:
  file() = default;
  explicit file(int descriptor) noexcept : descriptor_(descriptor) {}
  file(file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  file& operator=(file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~file() { close(); }
  void close() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_ = -1;
};

struct pipe_ends {
  file read;
  file write;
};

// Both ends get numbers above the three standard descriptors, even if our own standard descriptors are closed. Otherwise
// setting up the child's standard descriptors one by one could overwrite an end that is still needed. Reads do not block.
result<pipe_ends> make_pipe() {
  std::array<int, 2> raw{};
  if (::pipe(raw.data()) != 0) return system_error("cannot create a pipe for a program's output", errno);
  const file low_read(raw[0]);
  const file low_write(raw[1]);
  pipe_ends ends{file(::fcntl(raw[0], F_DUPFD_CLOEXEC, 3)), file(::fcntl(raw[1], F_DUPFD_CLOEXEC, 3))};
  if (ends.read.get() < 0 || ends.write.get() < 0)
    return system_error("cannot create a pipe for a program's output", errno);
  ::fcntl(ends.read.get(), F_SETFL, O_NONBLOCK);
  return ends;
}

class spawn_settings {
 public:
  spawn_settings(const file& output, const file& error_pipe) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, error_pipe.get(), STDERR_FILENO);
    ::posix_spawnattr_init(&attributes_);
    // Asio's sockets are inherited by default. Close them in the child, or connections would stay open while it runs.
    close_from(actions_, STDERR_FILENO + 1);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    // The server ignores SIGPIPE and blocks the signals that stop it. Reset both for the child.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGUSR1, SIGUSR2})
      ::sigaddset(&signals, signal);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
  }
  spawn_settings(const spawn_settings&) = delete;
  spawn_settings& operator=(const spawn_settings&) = delete;
  ~spawn_settings() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  [[nodiscard]] int spawn(pid_t& started, const std::string& program, const std::vector<std::string>& words) const {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    // posix_spawn does not modify the strings; its parameter type is not const for C compatibility.
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    return ::posix_spawn(&started, program.c_str(), &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Reads once, appends at most `room` bytes and drops the rest. False at the end of the file.
bool read_some(const file& from, std::string& to, std::size_t room) {
  std::array<char, 65'536> chunk;
  const ssize_t n = ::read(from.get(), chunk.data(), chunk.size());
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  to.append(chunk.data(), std::min(static_cast<std::size_t>(n), room));
  return n > 0;
}

class run {
 public:
  run(pid_t child, file output, file error_pipe, pipe_ends wake)
      : child_(child), output_(std::move(output)), error_pipe_(std::move(error_pipe)), wake_(std::move(wake)) {}

  run(const run&) = delete;
  run& operator=(const run&) = delete;
  // The child is still running only if something threw, such as the creation of the thread.
  ~run() {
    if (!reaped_) kill_group();
  }

  run_result watch(const process_limits& limits, const std::stop_token& stop) {
    const auto deadline = clock::now() + std::min<std::chrono::milliseconds>(limits.time(), max_run_time);
    const std::size_t most = std::min(limits.output(), std::string().max_size() - 1);
    const std::stop_callback on_stop(stop, [this] { wake(); });
    // Not every system can poll for the end of a process, so a thread waits for it. It leaves the child unreaped, so that
    // the process ID and the group ID are not reused before the group is killed below.
    std::thread waiter([this] {
      siginfo_t info;
      while (::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
      }
      ended_ = true;
      wake();
    });
    run_result how = follow(deadline, most, stop);
    ::kill(-child_, SIGKILL);
    waiter.join();
    if (how == run_result::ended) how = drain(most);
    kill_group();
    return how;
  }

  [[nodiscard]] std::string take_text() { return std::move(text_); }
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const std::string& error_text() const noexcept { return error_text_; }

 private:
  void kill_group() noexcept {
    ::kill(-child_, SIGKILL);
    while (::waitpid(child_, &status_, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
  }

  void wake() const noexcept {
    // The pipe cannot be full: at most two bytes are written.
    const ssize_t written = ::write(wake_.write.get(), "", 1);
    static_cast<void>(written);
  }

  run_result follow(clock::time_point deadline, std::size_t limit, const std::stop_token& stop) {
    for (;;) {
      if (ended_) return run_result::ended;
      if (stop.stop_requested()) return run_result::stopped;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
      if (left <= 0) return run_result::timed_out;
      std::array<pollfd, 3> events{pollfd{output_.get(), POLLIN, 0}, pollfd{error_pipe_.get(), POLLIN, 0},
                                   pollfd{wake_.read.get(), POLLIN, 0}};
      ::poll(events.data(), events.size(), static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
      if (events[0].revents && !read_output(limit)) output_.close();
      if (text_.size() > limit) return run_result::output_too_large;
      if (events[1].revents && !read_error_text()) error_pipe_.close();
    }
  }

  // Reads the output that was printed before the end. This terminates, because all writers are killed.
  run_result drain(std::size_t limit) {
    while (output_.get() >= 0 && text_.size() <= limit && read_output(limit)) {
      pollfd more{output_.get(), POLLIN, 0};
      if (::poll(&more, 1, 0) <= 0) break;
    }
    if (error_pipe_.get() >= 0) static_cast<void>(read_error_text());
    return text_.size() > limit ? run_result::output_too_large : run_result::ended;
  }

  // Reads up to one byte beyond the limit, to detect that it was exceeded.
  bool read_output(std::size_t limit) { return read_some(output_, text_, limit + 1 - text_.size()); }
  bool read_error_text() { return read_some(error_pipe_, error_text_, max_error_text_size - error_text_.size()); }

  pid_t child_;
  file output_;
  file error_pipe_;
  pipe_ends wake_;
  std::atomic<bool> ended_ = false;
  std::string text_;
  std::string error_text_;
  int status_ = 0;
  bool reaped_ = false;
};

}  // namespace

result<std::string> find_program(std::string_view name) {
  const auto runs = [](const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string_view::npos) {
    std::string path(name);
    if (!runs(path)) return error(errc::invalid_argument, "\"" + path + "\" is not a program that can be run");
    return path;
  }
  const char* const set = std::getenv("PATH");
  const std::string_view folders = set ? set : "/usr/local/bin:/usr/bin:/bin";
  for (std::size_t at = 0; at <= folders.size() && !name.empty();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    std::string path(folders.substr(at, end - at));
    path.append(path.empty() ? "./" : "/").append(name);
    if (runs(path)) return path;
    at = end + 1;
  }
  return error(errc::invalid_argument, "no program \"" + std::string(name) + "\" is in PATH");
}

result<std::string> run_program(const std::string& program, const std::vector<std::string>& words,
                                const process_limits& limits, const std::stop_token& stop) {
  auto output = make_pipe();
  auto error_pipe = make_pipe();
  auto wake = make_pipe();
  for (auto* pipe : {&output, &error_pipe, &wake})
    if (!*pipe) return pipe->error();

  pid_t child = -1;
  const int failure = spawn_settings(output->write, error_pipe->write).spawn(child, program, words);
  if (failure != 0) return system_error("the program \"" + program + "\" could not be started", failure);
  // Close our write ends, or the pipes would never report end of file.
  output->write.close();
  error_pipe->write.close();

  run running(child, std::move(output->read), std::move(error_pipe->read), std::move(*wake));
  run_result how{};
  try {
    how = running.watch(limits, stop);
  } catch (const std::system_error& e) {
    return error(errc::system, "cannot create a thread to wait for the program \"" + program + "\"", e.code());
  }
  if (how != run_result::ended) return describe_kill(how, program, limits);
  if (running.status() == 0) return running.take_text();
  const std::string end = WIFSIGNALED(running.status())
                              ? "was ended by signal " + std::to_string(WTERMSIG(running.status()))
                              : "ended with exit code " + std::to_string(WEXITSTATUS(running.status()));
  return describe_failure(program, end, running.error_text());
}

}  // namespace twinsocket::app
