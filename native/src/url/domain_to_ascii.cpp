#include <unicode/uidna.h>

#include <cstdint>

#include "twinsocket/url.hpp"

namespace twinsocket::detail {

namespace {

// Errors to ignore: "domain to ASCII" of the URL standard (section 3.3) disables CheckHyphens and VerifyDnsLength, but ICU
// always reports them.
constexpr std::uint32_t ignored_errors = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                         UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                         UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

/// Thread-safe; never destroyed. Null if ICU cannot be initialised.
const UIDNA* uts46_instance() {
  static const UIDNA* const instance = [] {
    UErrorCode failure = U_ZERO_ERROR;
    const UIDNA* const opened = uidna_openUTS46(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
        &failure);
    return U_SUCCESS(failure) ? opened : nullptr;
  }();
  return instance;
}

}  // namespace

std::string domain_to_ascii(std::string_view name) {
  // DNS names have at most 253 bytes. The limit avoids overflow of the 32-bit lengths of ICU.
  constexpr std::size_t longest = 16'384;
  if (!uts46_instance() || name.size() > longest) return {};
  std::string ascii(name.size() * 4 + 16, '\0');
  for (;;) {
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode failure = U_ZERO_ERROR;
    const std::int32_t size =
        uidna_nameToASCII_UTF8(uts46_instance(), name.data(), static_cast<std::int32_t>(name.size()), ascii.data(),
                               static_cast<std::int32_t>(ascii.size()), &info, &failure);
    if (failure == U_BUFFER_OVERFLOW_ERROR) {
      ascii.resize(static_cast<std::size_t>(size));
      continue;
    }
    if (U_FAILURE(failure) || (info.errors & ~ignored_errors) != 0) return {};
    ascii.resize(static_cast<std::size_t>(size));
    return ascii;
  }
}

}  // namespace twinsocket::detail
