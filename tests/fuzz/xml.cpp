// XML: every decoded value can be encoded and decodes to the same value.

#include "twinsocket/xml.hpp"

#include "everything.hpp"
#include "fuzz.hpp"
#include "twinsocket/json.hpp"

using namespace fuzz;
using twinsocket::message;
using twinsocket::xml;

namespace {

template <class T>
void check(const message& document, const twinsocket::xml_codec& codec) {
  const auto value = codec.decode<T>(document);
  if (!value) return expect(!value.error().detail().empty(), "a refusal says why");
  const auto written = xml.encode(*value);
  expect(written.has_value(), "what was read can be written");
  const auto again = xml.disallow_unknown().decode<T>(*written);
  expect(again.has_value(), "what was written can be read");
  const auto written_again = xml.encode(*again);
  expect(written_again && written_again->text() == written->text(), "what is written twice is the same");
  // JSON cannot represent numbers that are not finite.
  const auto other = twinsocket::json.encode(*value);
  if (other) expect(twinsocket::json.decode<T>(*other).has_value(), "what was written as JSON can be read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto flags = input.ConsumeIntegral<unsigned char>();
  const message document(input.ConsumeRemainingBytesAsString());
  const auto codec =
      xml.disallow_unknown((flags & 1) != 0).max_depth(flags & 2 ? 5 : 256).max_nodes(flags & 4 ? 20 : 1'000'000);
  if (flags & 8)
    check<messages::any_shape>(document, codec);
  else
    check<everything>(document, codec);
  return 0;
}
