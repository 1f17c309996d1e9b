#include "channels/redis_slots.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <charconv>
#include <initializer_list>
#include <utility>

namespace twinsocket::detail {

namespace {

// CRC-16/XMODEM, as in the specification of Redis Cluster. Boost's crc_xmodem_t is another one.
using slot_crc = boost::crc_optimal<16, 0x1021>;

/// A decimal number of at most `most`.
std::optional<std::uint16_t> to_small_number(std::string_view digits, std::uint16_t most) noexcept {
  std::uint16_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || number > most) return std::nullopt;
  return number;
}

/// A host is part of a URL, of log entries and of errors.
bool is_host(std::string_view text) {
  return text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == ':' || c == '_';
         });
}

/// {host or nil, port, ...}
std::optional<redis_address> to_address(const redis_value& node) {
  if (!node.size() || *node.size() < 2) return std::nullopt;
  const auto host = node[0].text().value_or("");
  const auto port = node[1].number();
  if (!is_host(host) || !port || *port == 0 || *port > 0xffff) return std::nullopt;
  return redis_address{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::optional<redis_slot_range> to_range(const redis_value& range) {
  if (!range.size() || *range.size() < 3) return std::nullopt;
  const auto first = range[0].number();
  const auto last = range[1].number();
  auto master = to_address(range[2]);
  if (!first || !last || *first > *last || *last >= redis_slot_count || !master) return std::nullopt;
  return redis_slot_range{static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last), std::move(*master)};
}

}  // namespace

std::uint16_t redis_slot(std::string_view hash_tag) noexcept {
  slot_crc crc;
  crc.process_bytes(hash_tag.data(), hash_tag.size());
  return static_cast<std::uint16_t>(crc.checksum() % redis_slot_count);
}

result<std::vector<redis_slot_range>> to_slot_ranges(const redis_value& reply) {
  const error unexpected(errc::type_mismatch, "the answer of Redis to CLUSTER SLOTS has another form");
  const auto size = reply.size();
  if (!size || *size > redis_slot_count) return unexpected;
  if (*size == 0) return error(errc::type_mismatch, "no node of the Redis Cluster has slots");
  std::vector<redis_slot_range> out;
  out.reserve(*size);
  for (std::size_t i = 0; i < *size; ++i) {
    auto range = to_range(reply[i]);
    if (!range) return unexpected;
    out.push_back(std::move(*range));
  }
  return out;
}

std::optional<redis_redirection> to_redirection(std::string_view error) {
  const bool ask = error.starts_with("ASK ");
  if (!ask && !error.starts_with("MOVED ")) return std::nullopt;
  error.remove_prefix(ask ? 4 : 6);
  const std::size_t space = error.find(' ');
  const std::size_t colon = error.rfind(':');
  if (space == error.npos || colon == error.npos || colon < space) return std::nullopt;
  const auto slot = to_small_number(error.substr(0, space), redis_slot_count - 1);
  const auto port = to_small_number(error.substr(colon + 1), 0xffff);
  const std::string_view host = error.substr(space + 1, colon - space - 1);
  if (!slot || !port || *port == 0 || !is_host(host)) return std::nullopt;
  return redis_redirection{ask, *slot, {std::string(host), *port}};
}

bool is_temporary(std::string_view error) {
  const std::initializer_list<std::string_view> codes{"TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN"};
  return std::find(codes.begin(), codes.end(), error.substr(0, error.find(' '))) != codes.end();
}

}  // namespace twinsocket::detail
