// Data that the request hook passes to the handler, and origin checks by a function.

#include "test.hpp"
#include <memory>
#include <string>

#include "raw_client.hpp"
#include "running_server.hpp"

using twinsocket::admission;
using twinsocket::attributes;
using twinsocket::connection;
using twinsocket::request;
using twinsocket::server;
using twinsocket::task;
using twinsocket::websocket_options;

namespace {

struct user {
  std::string name;
};
struct ticket {
  std::unique_ptr<int> number;
};

std::string said_to(const request& req) {
  const user* const who = req.attribute<user>();
  const ticket* const attach = req.attribute<ticket>();
  return (who ? who->name : "nobody") + " " + (attach ? std::to_string(*attach->number) : "none");
}

void add_routes(server& to) {
  const auto say = [](connection socket, const request& req) -> task<void> {
    const std::string text = said_to(req);
    co_await socket.send(text);
  };
  to.websocket("/user", websocket_options().on_request([](const request& req) {
    return admission().attach(user{std::string(*req.query("name"))}).attach(ticket{std::make_unique<int>(7)});
  }),
               say);
  to.websocket("/later", websocket_options().on_request([](const request&) -> task<admission> {
    co_await twinsocket::sleep_for(std::chrono::milliseconds(1));
    co_return admission().attach(user{"first"}).attach(user{"second"});
  }),
               say);
  to.websocket("/plain", say);
  // A handler that does not take the request as a parameter.
  to.websocket("/short", websocket_options().on_request([](const request&) { return admission().attach(user{"jan"}); }),
               echo);
}

}  // namespace

TEST_CASE("admission::attach() passes values to the handler by type") {
  const running_server s(add_routes);
  CHECK(open_websocket(s.port(), "/user?name=jan").read_frame().payload == "jan 7");
  CHECK(open_websocket(s.port(), "/later").read_frame().payload == "second none");
  CHECK(open_websocket(s.port(), "/plain").read_frame().payload == "nobody none");
  raw_client socket = open_websocket(s.port(), "/short");
  socket.send(client_text("hello"));
  CHECK(socket.read_frame().payload == "hello");
}

TEST_CASE("values attached by middleware reach the request hook and the HTTP and WebSocket handlers") {
  const running_server s([](server& to) {
    to.use([](const request& req) { return admission().attach(user{std::string(*req.query("name"))}); });
    to.use([](const request& req) { return admission().attach(req.attribute<user>()->name.size()); });
    to.get("/http", [](const request& req) {
      return twinsocket::response::text(req.attribute<user>()->name + " " +
                                        std::to_string(*req.attribute<std::size_t>()));
    });
    to.websocket("/socket", websocket_options().on_request([](const request& req) {
      return admission().attach(user{req.attribute<user>()->name + "!"});
    }),
                 [](connection socket, const request& req) -> task<void> {
                   const std::string text = said_to(req);
                   co_await socket.send(text);
                 });
  });
  CHECK(http_exchange(s.port(), "GET /http?name=jan HTTP/1.1\r\nHost: a\r\n\r\n").body == "jan 3");
  CHECK(open_websocket(s.port(), "/socket?name=jan").read_frame().payload == "jan! none");
}

TEST_CASE("attributes hold one value per type and copies share them") {
  attributes a;
  CHECK(a.empty());
  CHECK(a.get<user>() == nullptr);
  a.set(user{"jan"});
  a.set(7);
  const attributes b = a;
  a.set(user{"piet"});
  CHECK(a.get<user>()->name == "piet");
  CHECK(b.get<user>()->name == "jan");
  CHECK(*b.get<int>() == 7);
  CHECK(b.get<long>() == nullptr);
  attributes c;
  c.set(8);
  c.merge(b);
  CHECK(*c.get<int>() == 7);
  CHECK(c.get<user>() == b.get<user>());
}

TEST_CASE("an origin function decides on every Origin and its exception is answered 500") {
  const running_server s([](server& to) {
    to.websocket("/", websocket_options().origin([](std::string_view origin, const request& req) {
      if (origin == "https://broken") throw std::runtime_error("the list of tenants is gone");
      return origin == "https://" + req.query("tenant").value_or("") + ".example";
    }),
                 echo);
  });
  const auto status = [&](std::string_view origin, std::string_view target) {
    return http_exchange(s.port(),
                         upgrade_request(target, origin.empty() ? "" : "Origin: " + std::string(origin) + "\r\n"))
        .status;
  };
  CHECK(status("https://a.example", "/?tenant=a") == 101);
  CHECK(status("https://a.example", "/?tenant=b") == 403);
  CHECK(status("http://localhost", "/?tenant=a") == 403);
  CHECK(status("https://broken", "/") == 500);
  // Without Origin the client is not a browser.
  CHECK(status("", "/") == 101);
}

TEST_CASE("origin patterns together with an origin function are an error of listen()") {
  const auto decide = [](std::string_view, const request&) { return true; };
  websocket_options options;
  options.origin(decide);
  if (GENERATE(false, true)) {
    options.any_origin();
  } else {
    options.origin("https://a");
  }
  server one;
  one.websocket("/", options, echo);
  const auto listening = one.listen();
  REQUIRE_FALSE(static_cast<bool>(listening));
  CHECK_THAT(listening.error().message(), Catch::Contains("\"/\"") && Catch::Contains("origin patterns"));
}
