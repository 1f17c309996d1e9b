// XML: every decoded value can be encoded and decodes to the same value. A document for tinyxml2 is made of exactly the
// messages that are well-formed, and tinyxml2 reads what it prints.

#include "twinsocket/xml.hpp"

#include <tinyxml2.h>

#include "everything.hpp"
#include "fuzz.hpp"
#include "twinsocket/json.hpp"

using namespace fuzz;
using twinsocket::message;
using twinsocket::xml;

namespace {

void check_tree(const message& document, const twinsocket::xml_codec& codec, const twinsocket::error& typed) {
  tinyxml2::XMLDocument tree;
  const auto made = codec.decode(document, tree);
  if (typed != twinsocket::errc::ok && typed != twinsocket::errc::type_mismatch)
    return expect(made.has_error() && made.error().detail() == typed.detail(), "the flaw is the same with every type");
  expect(made.has_value(), "a well-formed document is one with every type");
  tinyxml2::XMLPrinter printer(nullptr, true);
  tree.Print(&printer);
  tinyxml2::XMLDocument again;
  const tinyxml2::XMLError problem = again.Parse(printer.CStr());
  expect(problem == tinyxml2::XML_SUCCESS || problem == tinyxml2::XML_ELEMENT_DEPTH_EXCEEDED, "tinyxml2 reads it");
}

template <class T>
void check(const message& document, const twinsocket::xml_codec& codec) {
  const auto value = codec.decode<T>(document);
  check_tree(document, codec, value ? twinsocket::error(twinsocket::errc::ok) : value.error());
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
