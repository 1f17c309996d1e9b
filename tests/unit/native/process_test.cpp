#include "platform/process.hpp"

#include "test.hpp"
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "result_text.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;
using namespace twinsocket::app;
using twinsocket::errc;
using twinsocket::result;

namespace {

// A time limit that only a hanging test reaches.
const process_limits patient = process_limits().time(60s);

result<std::string> shell(const std::string& script, const process_limits& limits = patient,
                          const std::stop_token& stop = {}) {
  return run_program("/bin/sh", {"sh", "-c", script}, limits, stop);
}

void require_no_child_left() {
  REQUIRE(::waitpid(-1, nullptr, WNOHANG) == -1);
  REQUIRE(errno == ECHILD);
}

// A named pipe that a script holds open for writing. End of file means that all its holders have exited.
class life_line {
 public:
  life_line() : name_((folder_.path() / "life").string()) {
    REQUIRE(::mkfifo(name_.c_str(), 0600) == 0);
    descriptor_ = ::open(name_.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(descriptor_ >= 0);
  }
  life_line(const life_line&) = delete;
  life_line& operator=(const life_line&) = delete;
  ~life_line() { ::close(descriptor_); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Waits for a byte, which the script writes when it has started.
  void wait_for_byte() const {
    pollfd event{descriptor_, POLLIN, 0};
    REQUIRE(::poll(&event, 1, 60'000) == 1);
    char byte = 0;
    REQUIRE(::read(descriptor_, &byte, 1) == 1);
  }
  void wait_for_end() const {
    pollfd event{descriptor_, POLLIN, 0};
    REQUIRE(::poll(&event, 1, 60'000) == 1);
    char byte = 0;
    REQUIRE(::read(descriptor_, &byte, 1) == 0);
  }

 private:
  temporary_folder folder_;
  std::string name_;
  int descriptor_ = -1;
};

}  // namespace

TEST_CASE("run_program() returns the standard output unchanged") {
  REQUIRE(*shell("printf 'a\\n\\nb'") == "a\n\nb");
  REQUIRE(shell("true")->empty());
  REQUIRE(shell("head -c 300000 /dev/zero")->size() == 300'000);
  require_no_child_left();
}

TEST_CASE("run_program() passes the arguments unchanged") {
  REQUIRE(*run_program("/usr/bin/printf", {"printf", "%s|", "a b", "", "$HOME", "*"}, patient, {}) == "a b||$HOME|*|");
}

TEST_CASE("standard error is not part of the output") {
  REQUIRE(*shell("echo out; echo complaint >&2") == "out\n");
  REQUIRE(shell("head -c 1000000 /dev/zero >&2; echo out").value() == "out\n");
}

TEST_CASE("standard input of the program is empty") { REQUIRE(shell("cat")->empty()); }

TEST_CASE("the program inherits no file descriptors except 0 to 2") {
  const int open_here = ::dup(STDERR_FILENO);
  REQUIRE(open_here > STDERR_FILENO);
  const auto listed = shell("ls /proc/self/fd | tr '\\n' ' '");
  ::close(open_here);
  // 3 is the folder that ls itself reads.
  REQUIRE(*listed == "0 1 2 3 ");
}

TEST_CASE("the program starts with no signals ignored or blocked") {
  const auto handler = ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto ignored_in_program = shell("sed -n 's/SigIgn://p' /proc/self/status");
  const auto blocked_in_program = shell("sed -n 's/SigBlk://p' /proc/self/status");
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGPIPE, handler);
  // The first 31 signals: glibc reserves two more, which its posix_spawn leaves ignored.
  REQUIRE((std::stoull(*ignored_in_program, nullptr, 16) & 0x7fffffff) == 0);
  REQUIRE(std::stoull(*blocked_in_program, nullptr, 16) == 0);
}

TEST_CASE("a failed program is reported with its exit code and the first line of standard error") {
  const auto failed = shell("echo half; printf 'no such \\033chip\\nmore' >&2; exit 3");
  REQUIRE(failed.error() == errc::system);
  REQUIRE(failed.error().detail() == "the program \"/bin/sh\" ended with exit code 3: no such  chip");
  REQUIRE(shell("kill -TERM $$").error().detail() == "the program \"/bin/sh\" was ended by signal 15");
}

TEST_CASE("a missing program is reported as no_such_file_or_directory") {
  const auto run = run_program("/no/such/program", {"program"}, patient, {});
  REQUIRE(run.error() == errc::system);
  REQUIRE(run.error().cause() == std::errc::no_such_file_or_directory);
  REQUIRE(run.error().detail().find("/no/such/program") != std::string::npos);
  require_no_child_left();
}

TEST_CASE("find_program() searches PATH and accepts paths of executables") {
  REQUIRE(std::filesystem::path(*find_program("sh")).filename() == "sh");
  REQUIRE(*find_program("/bin/sh") == "/bin/sh");
  REQUIRE(find_program("no-such-program-here").error().detail() == "no program \"no-such-program-here\" is in PATH");
  for (const char* name : {"/no/such/program", "/tmp", "/etc/passwd"}) {
    INFO(name);
    std::string expected = "\"";
    REQUIRE(find_program(name).error().detail() == expected.append(name).append("\" is not a program that can be run"));
  }
  REQUIRE_FALSE(find_program(""));
}

TEST_CASE("the time limit kills the program and its children") {
  const life_line life;
  const auto run = shell("exec 3>" + life.name() + "; sleep 1000 & sleep 1000", process_limits().time(100ms));
  REQUIRE(run.error() == errc::timed_out);
  REQUIRE(run.error().detail() == "the program \"/bin/sh\" ran for more than 100 ms");
  life.wait_for_end();
  require_no_child_left();
}

TEST_CASE("the time limit applies after the program has closed its output") {
  REQUIRE(shell("exec >&- 2>&-; sleep 1000", process_limits().time(100ms)).error() == errc::timed_out);
  require_no_child_left();
}

TEST_CASE("the output limit kills a program that prints without end") {
  const life_line life;
  const auto run = shell("exec 3>" + life.name() + "; yes", process_limits().output(100'000));
  REQUIRE(run.error() == errc::message_too_big);
  REQUIRE(run.error().detail() == "the program \"/bin/sh\" printed more than 100000 bytes");
  life.wait_for_end();
  require_no_child_left();
}

TEST_CASE("output of exactly the limit is accepted and one byte more is rejected") {
  const auto limits = process_limits(patient).output(70'000);
  REQUIRE(shell("head -c 70000 /dev/zero", limits)->size() == 70'000);
  REQUIRE(shell("head -c 70001 /dev/zero", limits).error() == errc::message_too_big);
  REQUIRE(shell("echo a", process_limits(patient).output(0)).error() == errc::message_too_big);
}

TEST_CASE("limits of the largest values mean no limits") {
  const auto limits = process_limits().time(std::chrono::milliseconds::max()).output(static_cast<std::size_t>(-1));
  REQUIRE(*shell("echo a", limits) == "a\n");
}

TEST_CASE("run_program() returns when the program ends and kills its remaining children") {
  const life_line life;
  REQUIRE(*shell("exec 3>" + life.name() + "; sleep 1000 & echo done") == "done\n");
  life.wait_for_end();
  require_no_child_left();
}

TEST_CASE("a stop request kills the program and its children") {
  const life_line life;
  std::stop_source stop;
  std::thread stopper([&] {
    life.wait_for_byte();
    stop.request_stop();
  });
  const auto run = shell("exec 3>" + life.name() + "; echo >&3; sleep 1000", patient, stop.get_token());
  stopper.join();
  REQUIRE(run.error() == errc::cancelled);
  life.wait_for_end();
  require_no_child_left();
}

TEST_CASE("a stop request before the start kills the program") {
  std::stop_source stop;
  stop.request_stop();
  REQUIRE(shell("sleep 1000", patient, stop.get_token()).error() == errc::cancelled);
  require_no_child_left();
}
