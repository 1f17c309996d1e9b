#include "twinsocket/any_codec.hpp"

#include "codec_helpers.hpp"
#include "manual_loop.hpp"
#include "messages.hpp"
#include "twinsocket/pair.hpp"

using messages::person;
using twinsocket::any_codec;
using twinsocket::codec_of;
using twinsocket::errc;

TEST_CASE("codec_of() selects the codec by the part of the subprotocol after the last dot") {
  REQUIRE(codec_of("person.json").name() == "json");
  REQUIRE(codec_of("person.xml").name() == "xml");
  REQUIRE(codec_of("a.b.cbor").name() == "cbor");
  REQUIRE(codec_of("xml").name() == "xml");
}

TEST_CASE("codec_of() returns the fallback codec for an unknown subprotocol. Default: JSON") {
  for (const std::string_view none : {"", "chat", "person.", "person.XML", "xml.person"}) {
    REQUIRE(codec_of(none).name() == "json");
    REQUIRE(codec_of(none, twinsocket::cbor).name() == "cbor");
  }
}

TEST_CASE("an any_codec encodes and decodes like the codec that it holds") {
  const person jan{"Jan", {"a", "b"}};
  REQUIRE(written(codec_of("p.json"), jan) == written(twinsocket::json, jan));
  REQUIRE(written(codec_of("p.xml"), jan) == written(twinsocket::xml, jan));
  REQUIRE(written(codec_of("p.cbor"), jan) == written(twinsocket::cbor, jan));
  REQUIRE(codec_of("p.cbor").encode(jan).value().kind() == twinsocket::message_kind::binary);
  for (const any_codec codec : {any_codec(twinsocket::json), any_codec(twinsocket::xml), any_codec(twinsocket::cbor)})
    REQUIRE(*codec.decode<person>(*codec.encode(jan)) == jan);
}

TEST_CASE("max_depth() and disallow_unknown() of an any_codec apply to every format") {
  const person jan{"Jan", {"a"}};
  for (const std::string_view name : {"json", "xml", "cbor"}) {
    const any_codec codec = codec_of(name);
    REQUIRE(codec.max_depth(1).encode(jan).error() == errc::too_deep);
    REQUIRE(codec.max_depth(2).encode(jan).has_value());
    const auto more = codec.encode(messages::house());
    REQUIRE_FALSE(codec.disallow_unknown().decode<person>(*more).has_value());
  }
}

TEST_CASE("an any_codec keeps the options of the codec that it was made from") {
  const any_codec codec = twinsocket::json.max_depth(1);
  REQUIRE(codec.encode(person{"Jan", {"a"}}).error() == errc::too_deep);
}

TEST_CASE("one handler serves JSON, XML and CBOR clients") {
  for (const std::string name : {"person.json", "person.xml", "person.cbor"}) {
    manual_loop loop;
    person heard;
    loop.run([](const std::string& subprotocol, person& reply) -> twinsocket::task<void> {
      auto [client, server] = twinsocket::make_connection_pair(twinsocket::pair_options().subprotocol(subprotocol));
      twinsocket::spawn([](twinsocket::connection socket) -> twinsocket::task<void> {
        const any_codec codec = codec_of(socket);
        while (auto received = co_await socket.receive<person>(codec)) {
          received->emails.push_back(std::string(codec.name()));
          co_await socket.send(codec, *received);
        }
      }(std::move(server)));
      const any_codec codec = codec_of(client);
      const person jan{"Jan", {}};
      co_await client.send(codec, jan);
      auto answer = co_await client.receive<person>(codec);
      if (answer) reply = *answer;
      co_await client.close();
    }(name, heard));
    REQUIRE(heard == person{"Jan", {std::string(codec_of(name).name())}});
  }
}
