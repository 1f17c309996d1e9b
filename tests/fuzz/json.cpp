// JSON, typed and untyped: every decoded value can be encoded and decodes to the same value, and nlohmann_json agrees.

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

// Whether nlohmann_json accepts the text, without what it accepts beyond RFC 8259: a byte order mark, and U+0000 as the
// end.
bool is_json(std::string_view text) {
  return !text.starts_with("\xEF\xBB\xBF") && text.find('\0') == text.npos && nlohmann::json::accept(text);
}

void check_refusal(const message& document, const twinsocket::error& why) {
  expect(!why.detail().empty(), "a refusal says why");
  if (why == errc::malformed || why == errc::invalid_utf8)
    expect(!is_json(document.text()), "what is refused as no JSON is none");
}

template <class T>
void check(const message& document, const twinsocket::json_codec& codec) {
  const auto value = codec.decode<T>(document);
  if (!value) return check_refusal(document, value.error());
  const auto written = json.encode(*value);
  expect(written.has_value(), "what was read can be written");
  const auto again = json.disallow_unknown().decode<T>(*written);
  expect(again.has_value(), "what was written can be read");
  const auto written_again = json.encode(*again);
  expect(written_again && written_again->text() == written->text(), "what is written twice is the same");
  // XML cannot represent some values: lists of empty optionals, and numbers that are not finite.
  if constexpr (twinsocket::detail::xml_root<T>) {
    const auto other = twinsocket::xml.encode(*value);
    if (other) expect(twinsocket::xml.decode<T>(*other).has_value(), "what was written as XML can be read");
  }
}

void check_untyped(const message& document) {
  const auto value = json.decode<nlohmann::json>(document);
  if (!value) return check_refusal(document, value.error());
  expect(is_json(document.text()), "what is taken is JSON");
  expect(value->dump() == nlohmann::json::parse(document.text()).dump(), "nlohmann reads the same");
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
  const auto codec = json.disallow_unknown((flags & 1) != 0).max_depth(flags & 2 ? 5 : 256);
  if (flags & 4)
    check_untyped(document);
  else if (flags & 8)
    check<std::vector<messages::any_shape>>(document, codec);
  else
    check<everything>(document, codec);
  return 0;
}
