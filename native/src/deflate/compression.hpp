#pragma once

// Converts the user's compression options to handshake parameters and to the setup of a session.

#include <string>

#include "protocol/deflate_negotiation.hpp"
#include "session/compression.hpp"
#include "twinsocket/native/compression.hpp"

namespace twinsocket::detail {

/// Validates the options. Returns what is wrong; "" if nothing is.
[[nodiscard]] std::string find_invalid_option(const compression_options& options);

/// The extension parameters that an endpoint with these options requests.
[[nodiscard]] deflate_parameters requested_parameters(const compression_options& options, role self);

/// The setup of a session for the negotiated parameters.
[[nodiscard]] compression_setup make_compression_setup(const compression_options& options,
                                                       const deflate_parameters& agreed);

}  // namespace twinsocket::detail
