// Conversations over a stream on which anything may go wrong, by the thousand. Each ends in time, nothing of it is left,
// no message is lost, doubled or changed, and both sides tell the same end where the protocol lets them know it.

#include "random_session.hpp"
#include "test.hpp"

TEST_CASE("whatever happens to the stream, a conversation ends in time and nothing is lost on a clean close") {
#ifdef NDEBUG
  constexpr std::uint32_t sessions = sizeof(void*) == 8 ? 100'000 : 10'000;  // As WebAssembly they take longer.
#else
  constexpr std::uint32_t sessions = 5'000;  // With sanitizers too.
#endif
  for (std::uint32_t seed = 0; seed < sessions; ++seed) {
    random_session session(seed);
    const std::string wrong = session.run();
    INFO("session " << seed);
    if (!wrong.empty()) REQUIRE(wrong == "");
  }
  REQUIRE(fault_pipe::alive == 0);
}
