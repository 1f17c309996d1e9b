// CBOR: every decoded value can be encoded and decodes to the same value.

#include "twinsocket/cbor.hpp"

#include "everything.hpp"
#include "fuzz.hpp"
#include "twinsocket/json.hpp"

using namespace fuzz;
using twinsocket::cbor;
using twinsocket::message;
using twinsocket::message_kind;

namespace {

template <class T>
void check(const message& document, const twinsocket::cbor_codec& codec) {
  const auto value = codec.decode<T>(document);
  if (!value) return expect(!value.error().detail().empty(), "a refusal says why");
  const auto written = cbor.encode(*value);
  expect(written.has_value(), "what was read can be written");
  const auto again = cbor.disallow_unknown().decode<T>(*written);
  expect(again.has_value(), "what was written can be read");
  const auto written_again = cbor.encode(*again);
  expect(written_again && written_again->text() == written->text(), "what is written twice is the same");
  const auto in_json = twinsocket::json.encode(*value);
  if (in_json) expect(twinsocket::json.decode<T>(*in_json).has_value(), "what was written as JSON can be read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto flags = input.ConsumeIntegral<unsigned char>();
  const auto bytes = input.ConsumeRemainingBytes<unsigned char>();
  const message document(message_kind::binary, std::as_bytes(std::span(bytes)));
  const auto codec = cbor.disallow_unknown((flags & 1) != 0).max_depth(flags & 2 ? 5 : 256);
  if (flags & 8)
    check<std::vector<messages::any_shape>>(document, codec);
  else
    check<everything>(document, codec);
  return 0;
}
