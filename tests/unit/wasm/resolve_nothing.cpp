// A platform without a base URL that leaves URLs unchanged. Invalid ones are refused by url::parse().

#include "javascript.hpp"

namespace twinsocket::detail {

std::string resolve_address(std::string_view text) { return std::string(text); }

}  // namespace twinsocket::detail
