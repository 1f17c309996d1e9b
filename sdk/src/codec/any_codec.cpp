#include "twinsocket/any_codec.hpp"

namespace twinsocket {

any_codec codec_of(std::string_view subprotocol, const any_codec& fallback) {
  const std::string_view ending = subprotocol.substr(subprotocol.rfind('.') + 1);
  if (ending == "json") return json;
  if (ending == "xml") return xml;
  if (ending == "cbor") return cbor;
  return fallback;
}

any_codec codec_of(const connection& socket, const any_codec& fallback) {
  return codec_of(socket.subprotocol(), fallback);
}

}  // namespace twinsocket
