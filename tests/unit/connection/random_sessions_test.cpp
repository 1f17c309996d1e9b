// Thousands of conversations over a stream with injected faults. Each ends in time and leaks nothing. No
// message is lost, duplicated or changed, and both sides report the same close if the protocol lets them know it.

#include "test.hpp"
#include "random_session.hpp"

TEST_CASE("sessions over a faulty stream end in time and a clean close loses no message") {
#ifdef NDEBUG
  constexpr std::uint32_t sessions = sizeof(void*) == 8 ? 100'000 : 10'000;  // WebAssembly is slower.
#else
  constexpr std::uint32_t sessions = 5'000;  // For the sanitizers.
#endif
  for (std::uint32_t seed = 0; seed < sessions; ++seed) {
    random_session session(seed);
    const std::string wrong = session.run();
    INFO("session " << seed);
    if (!wrong.empty()) REQUIRE(wrong == "");
  }
  REQUIRE(fault_pipe::open_ends == 0);
}
