#include "codec/json_scan.hpp"
#include "codec/typed_sink.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket {

result<void> json_codec::read(const message& received, const detail::shape& type, void* value) const {
  detail::typed_sink sink(type, value, options_);
  return detail::scan_json(received, sink);
}

}  // namespace twinsocket
