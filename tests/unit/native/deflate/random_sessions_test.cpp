// The random conversations over a stream with injected faults, with compression.

#include "connection/random_session.hpp"

#include "test.hpp"
#include "deflate/compression.hpp"

TEST_CASE("compressed sessions over a faulty stream end in time and a clean close loses no message") {
#ifdef NDEBUG
  constexpr std::uint32_t sessions = 10'000;
#else
  constexpr std::uint32_t sessions = 1'000;
#endif
  using namespace twinsocket;
  for (std::uint32_t seed = 0; seed < sessions; ++seed) {
    detail::deflate_parameters agreed;
    if (seed % 2 == 0) agreed.client_no_context_takeover = true;
    if (seed % 3 == 0) agreed.server_no_context_takeover = true;
    if (seed % 5 == 0) agreed.client_max_window_bits = agreed.server_max_window_bits = 9;
    const auto options = compression_options().threshold(seed % 4 * 50);
    random_session session(seed, detail::make_compression_setup(options, agreed));
    const std::string wrong = session.run();
    INFO("session " << seed);
    if (!wrong.empty()) REQUIRE(wrong == "");
  }
  REQUIRE(fault_pipe::open_ends == 0);
}
