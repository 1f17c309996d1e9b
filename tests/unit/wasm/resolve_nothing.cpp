// A platform that knows no base and leaves an address as it is: what there is to refuse is refused by url::parse().

#include "javascript.hpp"

namespace twinsocket::detail {

std::string resolve_address(std::string_view text) { return std::string(text); }

}  // namespace twinsocket::detail
