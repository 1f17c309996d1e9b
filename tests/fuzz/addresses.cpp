// Parsers of single lines: URLs, origins, request targets, lists of tokens and extensions, dates.

#include <algorithm>

#include "fuzz.hpp"
#include "http/date.hpp"
#include "http/target.hpp"
#include "protocol/deflate_negotiation.hpp"
#include "protocol/handshake.hpp"
#include "server/origin.hpp"
#include "twinsocket/url.hpp"

using namespace fuzz;
using namespace twinsocket::detail;
using twinsocket::url;

namespace {

void check_url(std::string_view text) {
  const auto parsed = url::parse(text);
  if (!parsed)
    return expect(parsed.error() == twinsocket::errc::invalid_url && !parsed.error().detail().empty(),
                  "a refusal says why");
  expect(!parsed->host().empty() && parsed->port() != 0 && parsed->target().starts_with('/'),
         "an address has host, port and path");
  const auto is_safe = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '<' && c != '>'; };
  expect(std::all_of(parsed->target().begin(), parsed->target().end(), is_safe),
         "a request line is ASCII without what it cannot hold");
  const std::string authority = parsed->authority();
  expect(std::all_of(authority.begin(), authority.end(), [](char c) { return c > ' ' && c <= '~'; }),
         "a Host header is ASCII");
  const auto again = url::parse(parsed->text());
  expect(again && again->text() == parsed->text() && again->host() == parsed->host() &&
             again->port() == parsed->port() && again->target() == parsed->target(),
         "the normal form of an address is the same address");
}

// A relative reference in a Location header.
void check_relative(std::string_view text) {
  static const url base = *url::parse("wss://example.com:81/a/b?c");
  const auto parsed = url::parse(text, base);
  if (!parsed)
    return expect(parsed.error() == twinsocket::errc::invalid_url && !parsed.error().detail().empty(),
                  "a refusal says why");
  const auto again = url::parse(parsed->text());
  expect(again && again->text() == parsed->text(), "what an address leads to is an address");
}

void check_origin(std::string_view text) {
  const auto origin = split_origin(text, false);
  const auto policy = origin_policy::make({std::string(text)}, false);
  expect(policy.has_value() == (text == "null" || split_origin(text, true).has_value()),
         "a pattern is taken or refused");
  if (!origin) return;
  expect(split_origin(text, true).has_value(), "an origin is a pattern");
  expect(policy->allows(text, "elsewhere.example"), "an origin that is named is allowed");
  std::string same(origin->host);
  if (!origin->port.empty()) same.append(":").append(origin->port);
  expect(origin_policy().allows(text, same), "a page of the same host is allowed");
}

void check_extensions(std::string_view text) {
  std::vector<extension> list;
  if (!parse_extensions(text, list)) return;
  std::string again;
  for (const extension& e : list) {
    again.append(again.empty() ? "" : ", ").append(e.name);
    expect(is_token(e.name), "the name of an extension is a token");
    for (const extension_parameter& p : e.parameters) {
      expect(is_token(p.name) && (!p.value || is_token(*p.value)), "a parameter is made of tokens");
      again.append(";").append(p.name);
      if (p.value) again.append("=").append(*p.value);
    }
  }
  std::vector<extension> read;
  expect(parse_extensions(again, read) && read.size() == list.size(), "a list that is written again reads the same");
  static_cast<void>(check_deflate(list, nullptr));
}

void check_lists(std::string_view text) {
  std::vector<std::string_view> names;
  if (parse_subprotocols(text, names))
    for (const std::string_view name : names)
      expect(is_token(name) && has_token(text, name), "a name is a token of the list");
  if (is_valid_key(text)) expect(accept_key(text).size() == 28, "a key has its answer");
}

void check_target(std::string_view text) {
  const auto parts = split_target(text);
  if (!parts) return;
  expect(parts->path.empty() || parts->path.starts_with('/'), "a path begins with /");
  if (const auto segments = path_segments(parts->path)) {
    std::string again;
    for (const std::string& segment : *segments) {
      again += '/';
      for (const char c : segment) {
        constexpr std::string_view digits = "0123456789abcdef";
        again.append("%").append(1, digits[static_cast<unsigned char>(c) >> 4]).append(1, digits[c & 15]);
      }
    }
    const auto read = path_segments(again);
    expect(read && *read == *segments, "segments that are encoded again are the same");
  }
  static_cast<void>(form_value(parts->query, "a"));
}

void check_date(std::string_view text) {
  const auto time = parse_http_date(text);
  if (time) expect(parse_http_date(http_date(*time)) == time, "a date that is written again is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  exact_size_copy copy(std::as_bytes(std::span(data, size)));
  for (const auto check :
       {check_url, check_relative, check_origin, check_extensions, check_lists, check_target, check_date})
    check(copy.text());
  return 0;
}
