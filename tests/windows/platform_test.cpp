// What is particular to Windows in src/platform and app/platform.

#include "test.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <wincrypt.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "platform/file_version.hpp"
#include "platform/open_beneath.hpp"
#include "platform/path_text.hpp"
#include "platform/process.hpp"
#include "platform/process_metrics.hpp"
#include "platform/socket_activation.hpp"
#include "platform/system_source.hpp"
#include "platform/trusted_authorities.hpp"
#include "platform/wmi_windows.hpp"
#include "result_text.hpp"
#include "tls/openssl.hpp"

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace twinsocket::app;
using namespace twinsocket::detail;
using twinsocket::errc;
using kind = opened_file::kind;

namespace {

// Removed with its content.
class test_folder {
 public:
  explicit test_folder(const std::string& name)
      : path_(fs::temp_directory_path() / path_of(name + std::to_string(::GetCurrentProcessId()))) {
    fs::create_directories(path_);
  }
  test_folder(const test_folder&) = delete;
  test_folder& operator=(const test_folder&) = delete;
  ~test_folder() { fs::remove_all(path_); }

  [[nodiscard]] std::string text() const { return text_of_path(path_); }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / path_of(name), std::ios::binary) << content;
  }
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

std::string content_of(const opened_file& file) {
  std::string text(static_cast<std::size_t>(file.size), '\0');
  REQUIRE(file.file.read_at(0, text) == static_cast<std::ptrdiff_t>(text.size()));
  return text;
}

const process_limits patient = process_limits().time(60s);

twinsocket::result<std::string> shell(const std::string& command, const process_limits& limits = patient,
                                      const std::stop_token& stop = {}) {
  return run_program(*find_program("cmd"), {"cmd", "/c", command}, limits, stop);
}

}  // namespace

TEST_CASE("open_beneath() opens files and folders by the names that they have") {
  const test_folder folder("caf\u00e9");
  folder.write("a.txt", "content");
  folder.write("\u65e5.txt", "day");
  fs::create_directory(folder.path() / "sub");
  folder.write("sub/b.txt", "below");
  const opened_file a = open_beneath(folder.text(), std::vector<std::string>{"a.txt"});
  REQUIRE(a.what == kind::file);
  REQUIRE(content_of(a) == "content");
  std::array<char, 4> end{};
  REQUIRE(a.file.read_at(4, end) == 3);
  REQUIRE(a.file.read_at(7, end) == 0);
  // After 2020, in seconds since 1970.
  REQUIRE(a.modified.seconds > 1'577'836'800);
  REQUIRE(content_of(open_beneath(folder.text(), std::vector<std::string>{"\u65e5.txt"})) == "day");
  REQUIRE(content_of(open_beneath(folder.text(), std::vector<std::string>{"sub", "b.txt"})) == "below");
  REQUIRE(open_beneath(folder.text(), std::vector<std::string>{"sub"}).what == kind::folder);
  REQUIRE(open_beneath(folder.text(), std::vector<std::string>{"missing"}).what == kind::missing);
}

TEST_CASE("open_beneath() opens nothing by another name, and nothing outside") {
  const test_folder folder("beneath");
  fs::create_directory(folder.path() / "site");
  folder.write("secret.txt", "secret");
  folder.write("site/a.txt", "content");
  folder.write("site/long name.html", "long");
  const std::string site = folder.text() + "\\site";
  for (const std::string name :
       {"A.TXT", "a.txt.", "a.txt ", "a.txt::$DATA", "a.txt:b", "..", ".", "", "NUL", "con.txt", "LONGNA~1.HTM",
        "..\\secret.txt", "../secret.txt", "C:\\windows\\win.ini", "\xff.txt"}) {
    CAPTURE(name);
    CHECK(open_beneath(site, std::vector<std::string>{name}).what == kind::missing);
  }
  CHECK(open_beneath(site, std::vector<std::string>{"..", "secret.txt"}).what == kind::missing);
}

TEST_CASE("version_of_file() changes with the file") {
  const test_folder folder("version");
  const std::string path = folder.text() + "\\a.txt";
  CHECK(version_of_file(path) == file_version());
  folder.write("a.txt", "one");
  const file_version first = version_of_file(path);
  CHECK(first == version_of_file(path));
  CHECK(first.size == 3);
  folder.write("a.txt", "three");
  CHECK(version_of_file(path) != first);
}

TEST_CASE("a process of Windows has memory, a start and a limit of handles") {
  const process_metrics metrics = read_process_metrics();
  CHECK(metrics.resident_bytes > 100'000);
  CHECK(metrics.max_files > metrics.open_files);
  CHECK(metrics.start_time > 1'577'836'800);
}

TEST_CASE("find_program() finds programs in PATH, and no batch files") {
  CHECK(find_program("cmd").has_value());
  CHECK(find_program("cmd.exe").has_value());
  CHECK(find_program("no such program").error() == errc::invalid_argument);
  const test_folder folder("batch");
  folder.write("a.bat", "echo off");
  CHECK(find_program(folder.text() + "\\a.bat").error() == errc::invalid_argument);
}

TEST_CASE("run_program() returns the output, or the exit code and the first line of the errors") {
  CHECK(*shell("echo hello") == "hello\r\n");
  const auto failed = shell("echo why 1>&2 & exit 3");
  REQUIRE(failed.error() == errc::system);
  CHECK_THAT(failed.error().message(), Catch::Contains("ended with exit code 3: why"));
  CHECK(run_program("C:\\no such program.exe", {"a"}, patient, {}).error() == errc::system);
}

TEST_CASE("run_program() ends a program at its limits") {
  CHECK(shell("for /L %i in (1,1,100000) do @echo 0123456789", process_limits().time(60s).output(1000)).error() ==
        errc::message_too_big);
  // It reads a pipe that nobody writes to.
  const std::string waiting = "for /L %i in (0,0,1) do @rem";
  CHECK(shell(waiting, process_limits().time(200ms)).error() == errc::timed_out);
  std::stop_source stop;
  stop.request_stop();
  CHECK(shell(waiting, patient, stop.get_token()).error() == errc::cancelled);
}

// Wine has no thermal zones.
TEST_CASE("the system's sensors are its load and its memory") {
  const auto source = make_system_source();
  REQUIRE(source.has_value());
  const auto sample = (*source)->read({});
  REQUIRE(sample.has_value());
  REQUIRE(sample->readings.size() == 3);
  CHECK(sample->readings[0].label == "CPU load");
  CHECK(sample->readings[1].value > 0);
}

TEST_CASE("objects of WMI are read with their properties") {
  int found = 0;
  CHECK(for_each_wmi_object(L"root\\cimv2", L"Win32_OperatingSystem", [&](const wmi_object& system) {
    ++found;
    CHECK(system.number(L"TotalVisibleMemorySize").value_or(0) > 0);
    CHECK(system.text(L"Caption").value_or("").find("Windows") != std::string::npos);
    CHECK(!system.number(L"Caption"));
    CHECK(!system.text(L"NoSuchProperty"));
  }));
  CHECK(found == 1);

  CHECK(!for_each_wmi_object(L"root\\nowhere", L"Win32_OperatingSystem", [](const wmi_object&) { FAIL(); }));
  // Windows answers that there is no such class, Wine that there are no objects.
  for_each_wmi_object(L"root\\cimv2", L"Win32_NoSuchClass", [](const wmi_object&) { FAIL(); });
}

TEST_CASE("no sockets are passed by systemd") { CHECK(passed_sockets().error() == errc::unsupported); }

TEST_CASE("add_system_authorities() adds the certificates of Windows") {
  const HCERTSTORE roots = ::CertOpenSystemStoreW(0, L"ROOT");
  REQUIRE(roots);
  int known = 0;
  for (const CERT_CONTEXT* one = nullptr; (one = ::CertEnumCertificatesInStore(roots, one));) ++known;
  ::CertCloseStore(roots, 0);
  const store_ptr store(X509_STORE_new());
  REQUIRE(add_system_authorities(store.get()));
  // Some may be there twice.
  const int added = sk_X509_OBJECT_num(X509_STORE_get0_objects(store.get()));
  CHECK(added <= known);
  CHECK((added > 0) == (known > 0));
}
