// A platform without a base URL that leaves URLs unchanged. Invalid ones are refused by url::parse().

#include "javascript.hpp"

namespace twinsocket::detail {

std::string normalize_url(std::string_view text) { return std::string(text); }

}  // namespace twinsocket::detail
