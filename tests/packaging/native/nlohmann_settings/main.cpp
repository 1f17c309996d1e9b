// A program with `using nlohmann::json` and all of twinsocket. With TWINSOCKET_QUALIFIED_CODECS the codecs are only in
// twinsocket::codecs, so the names do not clash.
#define TWINSOCKET_QUALIFIED_CODECS

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "twinsocket/json.hpp"

using namespace twinsocket;
using nlohmann::json;

int main() {
  const message received(R"({"b":[1,-2,2.5,true,null],"a":{"text":"x"}})");
  result<json> document = codecs::json.decode<json>(received);
  if (!document) return 1;
  (*document)["b"].push_back(7);
  const auto written = codecs::json.encode(*document);
  if (!written) return 1;
  std::cout << written->text() << '\n';
  const auto twice = codecs::json.decode<json>(message(R"({"a":[{"b":1,"b":2}]})"));
  std::cout << twice.error().message() << '\n';
}
