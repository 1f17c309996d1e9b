#pragma once

// Percent-decoding as HTTP needs it, in addition to that of URLs (url/percent.hpp of the SDK).

#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// Decodes "%41" to "A" (RFC 3986 section 2.1). Empty if a "%" is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode_strict(std::string_view text);

/// Decodes a name or a value of application/x-www-form-urlencoded: "+" is a space, and an invalid encoding stands for
/// itself (https://url.spec.whatwg.org/#concept-urlencoded-parser).
[[nodiscard]] std::string form_decode(std::string_view text);

}  // namespace twinsocket::detail
