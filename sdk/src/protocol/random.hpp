#pragma once

#include <cstddef>
#include <span>

namespace twinsocket::detail {

/// Fills the bytes with values that nobody can guess (RFC 6455 section 10.3). The platform gives it: the system's
/// generator natively, crypto.getRandomValues in a browser. A plain function, so that it costs a connection one word.
using random_source = void (*)(std::span<std::byte>);

}  // namespace twinsocket::detail
