#include "sensors/command.hpp"

#include "test.hpp"

#include "result_text.hpp"

using namespace std::chrono_literals;
using namespace twinsocket::app;
using twinsocket::errc;

TEST_CASE("a command source returns the output as text and the readings parsed from it") {
  auto source = make_command_source(R"(printf 'noise\nCore 0:  +45.0 C  (high = +80.0 C)\nmore noise: yes\n')");
  REQUIRE(source);
  REQUIRE((*source)->name() == "command");
  const auto taken = (*source)->read({});
  REQUIRE(taken);
  REQUIRE(taken->text == "noise\nCore 0:  +45.0 C  (high = +80.0 C)\nmore noise: yes\n");
  REQUIRE(taken->readings.size() == 1);
  REQUIRE(taken->readings[0].label == "Core 0");
  REQUIRE(taken->readings[0].value == 45.0);
  REQUIRE(taken->readings[0].high == 80.0);
  REQUIRE(taken->readings[0].time > 1'600'000'000'000);
}

TEST_CASE("a command source returns output without readings as valid UTF-8 text") {
  auto source = make_command_source(R"(printf 'no readings \260 here')");
  REQUIRE(source);
  const auto taken = (*source)->read({});
  REQUIRE(taken);
  REQUIRE(taken->text == "no readings \ufffd here");
  REQUIRE(taken->readings.empty());
}

TEST_CASE("a command source runs the command for every read()") {
  auto source = make_command_source("sh -c 'echo pid: $$'");
  REQUIRE(source);
  const double first = (*source)->read({})->readings.at(0).value;
  REQUIRE((*source)->read({})->readings.at(0).value != first);
}

TEST_CASE("make_command_source() rejects commands that cannot be run") {
  REQUIRE(make_command_source("no-such-program-here -v").error().detail() ==
          "no program \"no-such-program-here\" is in PATH");
  REQUIRE(make_command_source("").error() == errc::invalid_argument);
  REQUIRE(make_command_source("sensors | cat").error() == errc::invalid_argument);
}

TEST_CASE("a command source applies its process_limits") {
  auto source = make_command_source("sleep 1000", process_limits().time(100ms));
  REQUIRE(source);
  REQUIRE((*source)->read({}).error() == errc::timed_out);
}
