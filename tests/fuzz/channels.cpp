// Channels: what a server sends to a client, what servers send each other through a broker, and what Redis answers.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "channels/client_machine.hpp"
#include "channels/envelope.hpp"
#include "channels/redis_reply.hpp"
#include "channels/redis_run_id.hpp"
#include "channels/redis_slots.hpp"
#include "fuzz.hpp"
#include "twinsocket/cbor.hpp"
#include "twinsocket/json.hpp"

using namespace fuzz;
using namespace twinsocket;
using namespace twinsocket::detail;
namespace protocol = twinsocket::channel_protocol;

namespace {

template <class T, class Codec>
void check_document(const Codec& codec, const message& document) {
  const auto value = codec.template decode<T>(document);
  if (!value) return;
  const auto again = codec.encode(*value);
  expect(again.has_value(), "what was decoded can be encoded");
  const auto same = codec.template decode<T>(*again);
  expect(same.has_value(), "what was encoded can be decoded");
  const auto once_more = codec.encode(*same);
  expect(once_more.has_value() && text_of(once_more->bytes()) == text_of(again->bytes()), "a value stays the same");
}

void check_documents(std::string_view text) {
  const message in_json(text);
  const message in_cbor(message_kind::binary, bytes_of(text));
  check_document<protocol::client_message>(json, in_json);
  check_document<protocol::server_message>(json, in_json);
  check_document<protocol::client_message>(cbor, in_cbor);
  check_document<protocol::server_message>(cbor, in_cbor);
}

// What passes the broker, written by anybody who can write to it.
void check_broker(std::string_view text) {
  if (const auto what = decode_event(text)) {
    const auto again = encode_event(*what);
    expect(again.has_value() && decode_event(*again).has_value(), "an event can be passed on");
  }
  if (const auto who = decode_member(text)) expect(encode_member(*who).has_value(), "a member can be passed on");
  if (const auto id = find_run_id(text)) {
    std::string command = "*1\r\n" + run_argument(any_run_id, false);
    set_run(command, run_argument(*id, is_redis_cluster(text)));
    expect(command.ends_with(std::string(*id) + "\r\n"), "a run is put in the place of the placeholder");
  }
  if (const auto made = to_publication(text))
    expect(text.ends_with(made->publication.bytes), "a publication ends with its bytes");
}

void check_address(const redis_address& address) {
  expect(address.port != 0, "a node has a port");
  expect(address.host.find_first_of("/@?# \r\n") == std::string::npos, "a host can be part of a URL");
}

// The answers of the nodes of a cluster.
void check_cluster(std::string_view text) {
  if (const auto moved = to_redirection(text)) {
    expect(moved->slot < redis_slot_count, "a redirection names a slot");
    check_address(moved->to);
    const std::string again = (moved->ask ? "ASK " : "MOVED ") + std::to_string(moved->slot) + " " + moved->to.host +
                              ":" + std::to_string(moved->to.port);
    expect(to_redirection(again) == moved, "a redirection stays the same");
    expect(!is_temporary(text), "a redirection is followed at once");
  }
  expect(redis_slot(text) < redis_slot_count, "a key has a slot");
}

void check_slots(const redis_value& reply) {
  const auto ranges = to_slot_ranges(reply);
  if (!ranges) return;
  expect(!ranges->empty(), "a cluster has nodes");
  for (const redis_slot_range& range : *ranges) {
    expect(range.first <= range.last && range.last < redis_slot_count, "a range is one of slots");
    check_address(range.master);
  }
}

// The replies do not depend on where they are cut.
void check_redis(std::string_view text, chunk_sizes& where) {
  const auto parse = [text](auto next_size) {
    redis_parser parser;
    std::string seen;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = next_size(text.size() - at);
      parser.feed(exact_size_copy(bytes_of(text.substr(at, size))).text());
      at += size;
      for (;;) {
        const auto reply = parser.next();
        if (!reply) return seen + "!";
        if (!*reply) break;
        const redis_value value = (*reply)->value();
        seen += value.error_text() ? 'e' : value.size() ? 'a' : value.text() ? 't' : value.number() ? 'n' : '?';
        if (const auto refused = value.error_text()) {
          expect(is_valid_utf8_reference(bytes_of(redis_error_text(*refused))), "an error can be shown");
          static_cast<void>(redis_error_code(*refused));
          check_cluster(*refused);
        }
        static_cast<void>(to_position(value));
        static_cast<void>(to_history(value));
        static_cast<void>(to_members(value));
        check_slots(value);
      }
    }
    return seen;
  };
  const std::string whole = parse([](std::size_t left) { return left; });
  const std::string in_parts = parse([&](std::size_t left) { return where.next(left); });
  // An error may be found before the end of the replies in front of it was fed.
  const std::size_t common = std::min(whole.find('!'), in_parts.find('!'));
  expect(whole.substr(0, common) == in_parts.substr(0, common), "where replies are cut changes nothing");
}

/// A client of channels with a server that sends what it likes.
class hostile_server {
 public:
  explicit hostile_server(FuzzedDataProvider& input) : input_(input) {}

  void run() {
    for (int steps = 0; steps < 200 && input_.remaining_bytes() > 0; ++steps) step();
    machine_.end(error(errc::closed));
    for (const auto& [number, ends] : ends_) expect(ends == 1, "a request ends once");
    for (const auto& one : all_) expect(one->at == channel_subscription_state::phase::ended, "a subscription ends");
  }

 private:
  static constexpr std::size_t queue = 3;
  static constexpr std::size_t max_requests = 4;

  std::string channel() { return input_.ConsumeBool() ? "a:x" : "a:y"; }
  std::int64_t offset() {
    return input_.ConsumeBool() ? input_.ConsumeIntegralInRange(0, 9) : input_.ConsumeIntegral<std::int64_t>();
  }
  std::string epoch() { return input_.ConsumeBool() ? "e" : "f"; }
  std::uint32_t id() {
    return input_.ConsumeBool() ? last_id_ - input_.ConsumeIntegralInRange(0U, 5U)
                                : input_.ConsumeIntegral<std::uint32_t>();
  }
  channel_client_machine::subscription known() {
    return all_.empty() ? nullptr : all_[input_.ConsumeIntegralInRange<std::size_t>(0, all_.size() - 1)];
  }
  protocol::publication publication() {
    protocol::publication made;
    made.offset = offset();
    made.text = "text";
    return made;
  }
  protocol::response_value response() {
    switch (input_.ConsumeIntegralInRange(0, 5)) {
      case 0: return protocol::failure{static_cast<protocol::failure_code>(input_.ConsumeIntegralInRange(0, 5)), "no"};
      case 1: return protocol::publish_response{};
      case 2: return protocol::presence_response{};
      default: break;
    }
    protocol::subscribe_response made;
    made.recovery = static_cast<protocol::recovery>(input_.ConsumeIntegralInRange(0, 3));
    if (input_.ConsumeBool()) made.position = protocol::position{offset(), epoch()};
    for (int left = input_.ConsumeIntegralInRange(0, 6); left > 0; --left) made.publications.push_back(publication());
    return made;
  }

  void step() {
    switch (input_.ConsumeIntegralInRange(0, 12)) {
      case 0:
        if (all_.size() < 20) all_.push_back(machine_.subscribe(channel(), since()));
        break;
      case 1:
        if (const auto one = known()) machine_.unsubscribe(one);
        break;
      case 2: request(); break;
      case 3:
        machine_.on_disconnected();
        machine_.on_connected();
        break;
      case 4: machine_.on_disconnected(); break;
      case 5: machine_.refuse(id(), error(input_.ConsumeBool() ? errc::queue_full : errc::message_too_big)); break;
      case 6:
        for (const auto& one : machine_.take_postponed()) machine_.retry(one);
        break;
      case 7: machine_.on_message(protocol::unsubscribed{channel(), "gone", input_.ConsumeBool()}); break;
      case 8: machine_.on_message(protocol::joined{channel(), {}}); break;
      case 9: machine_.on_message(protocol::published{channel(), epoch(), publication()}); break;
      case 10: machine_.on_message(protocol::response{id(), response()}); break;
      default: take(); break;
    }
    for (const auto& one : machine_.take_output()) {
      last_id_ = one.id;
      expect(json.encode(one).has_value(), "what a client sends can be encoded");
    }
    for (const auto& one : all_) {
      expect(one->events.size() <= queue, "a subscription holds no more events than its queue");
      expect(one->early.size() <= queue, "no more is kept before a response than fits into the queue");
    }
  }
  std::optional<protocol::position> since() {
    if (input_.ConsumeBool()) return std::nullopt;
    return protocol::position{offset(), epoch()};
  }
  void request() {
    protocol::request what = protocol::presence_request{channel()};
    if (input_.ConsumeBool()) {
      protocol::publish_request made;
      made.channel = channel();
      made.text = "text";
      what = std::move(made);
    }
    const int number = ++requests_;
    ends_[number] = 0;
    machine_.request(std::move(what), [this, number](const result<protocol::response_value>&) { ++ends_[number]; });
    int pending = 0;
    for (const auto& [each, ends] : ends_) pending += ends == 0;
    expect(pending <= static_cast<int>(max_requests), "no more requests wait than allowed");
  }
  // Between two gaps, the publications of an epoch come in the order of their offsets.
  void take() {
    const auto one = known();
    if (!one) return;
    if (const auto event = one->events.try_pop()) {
      if (std::holds_alternative<channel_gap>(*event)) last_.erase(one.get());
      if (const auto* const made = std::get_if<protocol::publication>(&*event); made && made->offset > 0 && one->last) {
        const auto before = last_.find(one.get());
        expect(before == last_.end() || before->second < made->offset, "nothing comes twice or in another order");
        last_[one.get()] = made->offset;
      }
    }
    machine_.on_taken(one);
  }

  FuzzedDataProvider& input_;
  channel_client_machine machine_{queue, max_requests, "key"};
  std::vector<channel_client_machine::subscription> all_;
  std::map<const channel_subscription_state*, std::int64_t> last_;
  std::map<int, int> ends_;
  int requests_ = 0;
  std::uint32_t last_id_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  {
    FuzzedDataProvider input(data, size);
    hostile_server(input).run();
  }
  FuzzedDataProvider input(data, size);
  chunk_sizes where(input);
  exact_size_copy copy(rest_of(input));
  check_documents(copy.text());
  check_broker(copy.text());
  check_cluster(copy.text());
  check_redis(copy.text(), where);
  return 0;
}
