// A server's processing of a request: HTTP, the target, the opening handshake, origins, and ranges of a file. The
// result does not depend on where the network cuts the request.

#include <algorithm>

#include "http.hpp"
#include "http/date.hpp"
#include "http/target.hpp"
#include "protocol/handshake.hpp"
#include "server/conditional.hpp"
#include "server/forwarded.hpp"
#include "server/origin.hpp"
#include "server/request_check.hpp"
#include "server/response_head.hpp"
#include "server/router.hpp"
#include "server/subprotocol.hpp"
#include "server/upgrade.hpp"

using namespace fuzz;
using namespace twinsocket::detail;
using twinsocket::request;
using twinsocket::response;

namespace {

const router& routes() {
  static const router all = [] {
    router made;
    for (const char* pattern : {"/echo", "/room/{name}", "/room/{name}/{rest}", "/a b"})
      expect(made.at(pattern, false).has_value(), "a pattern is taken");
    expect(made.at("/", true).has_value(), "a folder is taken");
    return made;
  }();
  return all;
}

const origin_policy& origins() {
  static const origin_policy policy = *origin_policy::make({"https://*.example.com:*", "http://localhost"}, false);
  return policy;
}

// Checks the header as a client would read it: a start line, lines with a colon, and an empty line only at the end.
void check_head(std::string_view head) {
  expect(head.starts_with("HTTP/1.1 ") && head.ends_with("\r\n\r\n"), "an answer has a first line and an end");
  expect(head.find("\r\n\r\n") == head.size() - 4, "an answer has one end");
  const auto bare = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; };
  for (std::string_view left = head.substr(0, head.size() - 2); !left.empty();) {
    const std::size_t end = left.find("\r\n");
    expect(std::ranges::none_of(left.substr(0, end), bare), "a line of an answer has no control characters");
    left.remove_prefix(end + 2);
  }
}

std::string refused(const response& r) {
  expect(r.status() >= 400 && r.status() < 600, "a refusal is an error");
  expect(!r.body().empty(), "a refusal says why");
  const std::vector<twinsocket::header_field> none;
  check_head(serialize_response_head(r, {.common = none, .content_length = r.body().size(), .keep_alive = false}));
  return std::to_string(r.status()) + " " + r.body();
}

std::string handshake(const request& req, const request_parser& parser) {
  if (auto why = check_handshake(req, parser.version(), !parser.is_done())) return refused(*why);
  const auto subprotocol =
      negotiate_subprotocol(req, twinsocket::websocket_options().subprotocol("chat").subprotocol("sensors.json"));
  if (!subprotocol) return subprotocol.error().message();
  twinsocket::compression_options preferences;
  preferences.server_max_window_bits(12).client_no_context_takeover(false);
  const auto compression = choose_compression(req, preferences);
  if (!compression) return compression.error().message();
  if (*compression) {
    const deflate_parameters& agreed = (*compression)->agreed;
    expect(agreed.server_max_window_bits >= 8 && agreed.server_max_window_bits <= 12,
           "the server's window is one that it can use");
    expect(agreed.client_max_window_bits >= 8 && agreed.client_max_window_bits <= 15,
           "the client's window is one that RFC 7692 knows");
    // A client without preferences reads the negotiated parameters from the response.
    std::vector<extension> answer;
    expect(parse_extensions((*compression)->answer, answer), "the answer is well formed");
    const deflate_parameters any;
    const auto told = check_deflate(answer, &any);
    expect(told && *told && **told == agreed, "the answer says what was agreed on");
  }
  const std::string head = serialize_handshake_response(req, {*subprotocol, *compression}, {});
  check_head(head);
  return head;
}

void check_parts(const request& req) {
  for (const std::uint64_t size : {0ull, 1ull, 1000ull, ~0ull}) {
    const selection part = select_range(req, {.etag = "\"5-abc\"", .modified = 784'111'777, .size = size});
    const unsigned known[] = {200, 206, 304, 412, 416};
    expect(std::ranges::find(known, part.status) != std::end(known), "a selection has a status that is known");
    if (part.status == 200) expect(part.first == 0 && part.size == size, "200 is the whole");
    if (part.status == 206)
      expect(part.size > 0 && part.first < size && part.size <= size - part.first, "a part is within the whole");
    if (part.status != 200 && part.status != 206)
      expect(part.size == 0, "nothing is sent of a file that is not asked for");
  }
  const coding_preference codings = preferred_codings(req);
  expect(codings.first.empty() || codings.first != codings.second, "two codings are different ones");
}

void check_forwarded(const request& req) {
  static const trusted_proxy_set proxies = *trusted_proxy_set::make({"10.0.0.0/8", "fd00::/8"});
  for (const auto which : {twinsocket::forwarding_header::x_forwarded, twinsocket::forwarding_header::forwarded}) {
    const auto hops = forwarded_hops(req, which);
    if (!hops) continue;
    const forwarded_client client = find_client(*hops, proxies);
    expect(client.scheme.empty() || client.scheme == "http" || client.scheme == "https", "a scheme is one of HTTP");
    if (!client.address) continue;
    const auto again = parse_forwarded_address(client.address->text);
    expect(again && again->address == client.address->address && again->text == client.address->text,
           "the text of an address is that address");
  }
}

std::string all_of(const request& req) {
  std::string all(req.method());
  for (const std::string_view part : {req.target(), req.path(), req.host()}) all.append(" ").append(part);
  for (const char* name : {"Origin", "Cookie", "Range"})
    for (const std::string_view value : req.headers(name)) all.append("|").append(value);
  return all.append("|")
             .append(req.cookie("id").value_or(""))
             .append("|")
             .append(req.query("a").value_or(""))
             .append("|") +
         req.body();
}

std::string answer_to(std::string_view text, chunk_sizes* where) {
  request req;
  request_parser parser(req);
  parser.header_limit(2048);
  parser.body_limit(500);
  // The content is read only after the header, and the parser gets the remaining bytes again.
  boost::beast::error_code failure = parse(parser, text, where, [&] { return parser.is_header_done(); });
  if (failure == boost::beast::http::error::need_more) return "more";
  if (failure) return refused(parse_error_response(failure, parser));
  if (auto why = check_request(req, parser)) return refused(*why);
  expect(req.path().starts_with('/'), "a path begins with /");

  const auto segments = path_segments(req.path());
  if (!segments) return segments.error().message();
  for (const std::string& segment : *segments)
    expect(segment != "." && segment != ".." && segment.find('\0') == segment.npos, "no segment leads elsewhere");
  const auto found = routes().find(*segments);
  for (const auto& [name, value] : found.parameters) {
    expect(!value.empty(), "a parameter is not empty");
    request_builder::add_parameter(req, name, value);
    expect(req.parameter(name) == value, "a parameter is found by its name");
  }

  check_parts(req);
  check_forwarded(req);
  std::string_view origin = req.header("Origin").value_or("");
  const bool allowed = origins().allows(origin, req.host());
  // Clients written in Go send one trailing slash.
  if (origin.ends_with('/')) origin.remove_suffix(1);
  if (allowed) expect(split_origin(origin, false).has_value(), "what is allowed is an origin");
  return all_of(req) + (allowed ? "+" : "-") + (is_websocket_upgrade(req) ? handshake(req, parser) : "no websocket");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  chunk_sizes where(input);
  exact_size_copy text(bytes_of(input.ConsumeRemainingBytesAsString()));
  const std::string whole = answer_to(text.text(), nullptr);
  const std::string cut = answer_to(text.text(), &where);
  // Beast may check the first line before or after the whole header has arrived.
  if (cut != "more") expect_same(whole, cut, "where a request is cut changes nothing");
  return 0;
}
