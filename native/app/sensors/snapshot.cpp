#include "sensors/snapshot.hpp"

#include "twinsocket/cbor.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket::app {

namespace {

template <class Codec>
result<prepared_message> prepare(const Codec& codec, const demo::sensor_report& report) {
  const auto encoded = codec.encode(report);
  if (!encoded) return encoded.error();
  return prepared_message(*encoded);
}

}  // namespace

const result<prepared_message>& snapshot::json() const {
  std::call_once(json_.once, [this] { json_.as = prepare(twinsocket::json, report_); });
  return *json_.as;
}

const result<prepared_message>& snapshot::xml() const {
  std::call_once(xml_.once, [this] { xml_.as = prepare(twinsocket::xml, report_); });
  return *xml_.as;
}

const result<prepared_message>& snapshot::cbor() const {
  std::call_once(cbor_.once, [this] { cbor_.as = prepare(twinsocket::cbor, report_); });
  return *cbor_.as;
}

}  // namespace twinsocket::app
