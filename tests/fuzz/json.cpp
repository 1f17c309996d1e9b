// JSON, typed and untyped: what is read can be written and reads the same again.

#include "twinsocket/json.hpp"

#include <nlohmann/json.hpp>

#include "everything.hpp"
#include "fuzz.hpp"
#include "twinsocket/xml.hpp"

using namespace fuzz;
using twinsocket::errc;
using twinsocket::json;
using twinsocket::message;

namespace {

template <class T>
void check(const message& document, const twinsocket::json_codec& codec) {
  const auto value = codec.decode<T>(document);
  if (!value) return expect(!value.error().detail().empty(), "a refusal says why");
  const auto written = json.encode(*value);
  expect(written.has_value(), "what was read can be written");
  const auto again = json.refuse_unknown().decode<T>(*written);
  expect(again.has_value(), "what was written can be read");
  expect(json.encode(*again)->text() == written->text(), "what is written twice is the same");
  // XML has no form for some of it: lists of empty optionals, numbers that are no numbers.
  if constexpr (requires { twinsocket::xml.encode(*value); }) {
    const auto other = twinsocket::xml.encode(*value);
    if (other) expect(twinsocket::xml.decode<T>(*other).has_value(), "what was written as XML can be read");
  }
}

void check_untyped(const message& document) {
  const auto value = json.decode<nlohmann::json>(document);
  if (!value) return;
  expect(nlohmann::json::accept(document.text()), "what is taken is JSON");
  const auto written = json.encode(*value);
  if (!written) return expect(written.error() == errc::invalid_utf8, "only text that is not UTF-8 cannot be written");
  const auto again = json.decode<nlohmann::json>(*written);
  expect(again && *again == *value, "what is written reads the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto flags = input.ConsumeIntegral<unsigned char>();
  const message document(input.ConsumeRemainingBytesAsString());
  const auto codec = json.refuse_unknown((flags & 1) != 0).max_depth(flags & 2 ? 5 : 256);
  if (flags & 4) check_untyped(document);
  else if (flags & 8) check<std::vector<messages::any_shape>>(document, codec);
  else check<everything>(document, codec);
  return 0;
}
