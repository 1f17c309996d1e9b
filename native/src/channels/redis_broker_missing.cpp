// Stub for builds without hiredis.

#include "twinsocket/native/redis_broker.hpp"

namespace twinsocket {
inline namespace native {

result<std::shared_ptr<broker>> redis_broker(std::string, redis_broker_options) {
  return error(errc::unsupported, "this build has no Redis: hiredis was not found (libhiredis-dev on Debian)");
}

}  // namespace native
}  // namespace twinsocket
