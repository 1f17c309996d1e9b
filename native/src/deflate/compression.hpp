#pragma once

// From what users write about compression to what the handshake says and a session does.

#include <string>

#include "protocol/deflate.hpp"
#include "session/compression.hpp"
#include "twinsocket/native/compression.hpp"

namespace twinsocket::detail {

/// What is wrong with the options; "" when nothing is.
[[nodiscard]] std::string flaw(const compression_options& options);

/// What a side that has these options wishes for.
[[nodiscard]] deflate_parameters wishes_of(const compression_options& options, role self);

/// What a session needs to do what was agreed on.
[[nodiscard]] compression_setup make_setup(const compression_options& options, const deflate_parameters& agreed);

}  // namespace twinsocket::detail
