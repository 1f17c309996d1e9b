#include "protocol/base64.hpp"

#include <string>
#include <vector>

#include "test.hpp"

using namespace twinsocket::detail;

namespace {

std::string encoded(std::string_view text) { return encode_base64(std::as_bytes(std::span(text.data(), text.size()))); }

}  // namespace

TEST_CASE("the base64 examples of RFC 4648, section 10, are encoded and decoded") {
  const std::vector<std::pair<std::string, std::string>> examples{{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="},
                                                                  {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    REQUIRE(encoded(bytes) == text);
    REQUIRE(decoded_base64_size(text) == bytes.size());
    std::string again(bytes.size(), '\0');
    decode_base64(reinterpret_cast<std::byte*>(again.data()), text);
    REQUIRE(again == bytes);
  }
  REQUIRE(encoded(std::string_view("\xFB\xFF\xFE", 3)) == "+//+");
}

TEST_CASE("base64 without correct padding or with other characters is rejected") {
  for (const std::string_view bad :
       {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm=v", "Zm9v\n", " Zm9", "Zm9-", "Zm9_"})
    REQUIRE_FALSE(decoded_base64_size(bad));
}
