#pragma once

#include <cstddef>
#include <span>

namespace twinsocket::detail {

/// Fills the bytes with unpredictable values (RFC 6455 section 10.3). The platform provides it: the operating system's
/// generator, or crypto.getRandomValues in a browser. A plain function pointer, so that each connection stores only one
/// word.
using random_source = void (*)(std::span<std::byte>);

}  // namespace twinsocket::detail
