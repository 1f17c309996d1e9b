#include "platform/socket_activation.hpp"

#include "test.hpp"

using twinsocket::detail::parse_listen_environment;

namespace {

std::string said(const char* pid, const char* count, const char* names = nullptr) {
  const auto passed = parse_listen_environment(pid, count, names, 77);
  if (!passed) return passed.error().message();
  std::string text;
  for (const auto& one : *passed) text += std::to_string(one.descriptor) + "=" + one.name + " ";
  return text;
}

}  // namespace

TEST_CASE("parse_listen_environment() numbers the descriptors from 3 and assigns their names") {
  CHECK(said("77", "1") == "3=unknown ");
  CHECK(said("77", "3", "http:admin:http") == "3=http 4=admin 5=http ");
  CHECK(said("77", "2", ":b") == "3= 4=b ");
  CHECK(said("77", "1", "") == "3= ");
}

TEST_CASE("parse_listen_environment() rejects an environment for another process with the reason") {
  CHECK_THAT(said(nullptr, "1"), Catch::Contains("LISTEN_PID and LISTEN_FDS are not set"));
  CHECK_THAT(said("77", nullptr), Catch::Contains("not set"));
  CHECK_THAT(said("78", "1"), Catch::Contains("LISTEN_PID is \"78\", this process is 77"));
  CHECK_THAT(said("77x", "1"), Catch::Contains("\"77x\""));
  for (const char* count : {"0", "-1", "", "x", "1 ", "4097", "99999999999999999999"})
    CHECK_THAT(said("77", count), Catch::Contains("LISTEN_FDS is \"" + std::string(count) + "\""));
  for (const char* names : {"a", "a:b:c", "a:b:"})
    CHECK_THAT(said("77", "2", names), Catch::Contains("\"" + std::string(names) + "\" does not have 2 names"));
}
