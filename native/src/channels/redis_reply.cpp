#include "channels/redis_reply.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <utility>

namespace twinsocket::detail {

namespace {

// Most bytes of one reply. Redis itself limits a string to 512 MiB.
constexpr std::size_t max_reply_size = std::size_t{512} << 20;

// Most elements of an array: hiredis allocates them before they are received.
constexpr std::size_t max_elements = std::size_t{16} << 20;

/// hiredis's functions that make replies, which its header does not declare.
redisReplyObjectFunctions default_functions;

// hiredis before 1.0 passes an int.
template <class Size>
void* create_array(const redisReadTask* task, Size elements) {
  return static_cast<std::size_t>(elements) > max_elements ? nullptr : default_functions.createArray(task, elements);
}

redisReplyObjectFunctions* limited_functions(const redisReader& from) {
  static redisReplyObjectFunctions limited = [&] {
    default_functions = *from.fn;
    redisReplyObjectFunctions out = default_functions;
    out.createArray = create_array;
    return out;
  }();
  return &limited;
}

std::optional<std::uint64_t> to_number(std::string_view digits) noexcept {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// The offset in the identifier of an entry: "17-0".
std::optional<std::uint64_t> to_offset(std::optional<std::string_view> identifier) noexcept {
  if (!identifier) return std::nullopt;
  if (identifier->ends_with("-0")) identifier->remove_suffix(2);
  return to_number(*identifier);
}

error unexpected(const char* what) { return {errc::type_mismatch, std::string(what) + " of Redis has another form"}; }

std::optional<broker_publication> to_entry(const redis_value& entry) {
  if (entry.size() != 2 || entry[1].size() != 2) return std::nullopt;
  const auto offset = to_offset(entry[0].text());
  const auto bytes = entry[1][1].text();
  if (!offset || !bytes) return std::nullopt;
  return broker_publication{*offset, std::string(*bytes)};
}

}  // namespace

std::optional<std::string_view> redis_value::text() const noexcept {
  if (!reply_ || (reply_->type != REDIS_REPLY_STRING && reply_->type != REDIS_REPLY_STATUS)) return std::nullopt;
  return std::string_view(reply_->str, reply_->len);
}

std::optional<std::uint64_t> redis_value::number() const noexcept {
  if (reply_ && reply_->type == REDIS_REPLY_INTEGER && reply_->integer >= 0)
    return static_cast<std::uint64_t>(reply_->integer);
  const auto digits = text();
  return digits ? to_number(*digits) : std::nullopt;
}

std::optional<std::string_view> redis_value::error_text() const noexcept {
  if (!reply_ || reply_->type != REDIS_REPLY_ERROR) return std::nullopt;
  return std::string_view(reply_->str, reply_->len);
}

std::optional<std::size_t> redis_value::size() const noexcept {
  if (!reply_ || reply_->type != REDIS_REPLY_ARRAY) return std::nullopt;
  return reply_->elements;
}

redis_value redis_value::operator[](std::size_t index) const noexcept { return redis_value(reply_->element[index]); }

void redis_reply_deleter::operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
void redis_parser::deleter::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

redis_parser::redis_parser() : reader_(redisReaderCreate()) {
  if (!reader_) throw std::bad_alloc();
  reader_->fn = limited_functions(*reader_);
}

void redis_parser::feed(std::string_view bytes) {
  unparsed_ += bytes.size();
  failed_ = failed_ || redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK;
}

result<std::optional<redis_reply>> redis_parser::next() {
  void* reply = nullptr;
  if (failed_ || redisReaderGetReply(reader_.get(), &reply) != REDIS_OK)
    return error(errc::malformed, "the answer is not that of a Redis server");
  if (!reply) {
    if (unparsed_ > max_reply_size) return error(errc::malformed, "an answer exceeds 512 MiB");
    return std::optional<redis_reply>();
  }
  unparsed_ = reader_->len - reader_->pos;
  return std::make_optional<redis_reply>(static_cast<redisReply*>(reply));
}

std::string redis_error_text(std::string_view reply) {
  std::string out(reply.substr(0, 200));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

std::string redis_error_code(std::string_view reply) {
  const std::string_view code = reply.substr(0, std::min<std::size_t>(reply.find(' '), 20));
  const bool upper = std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return std::string(upper ? code : "an error");
}

result<std::optional<broker_position>> to_position(const redis_value& reply) {
  if (reply.size() != 2) return unexpected("the answer to a publication");
  const auto offset = reply[0].number();
  const auto epoch = reply[1].text();
  if (!offset || !epoch || (*offset == 0) != epoch->empty()) return unexpected("the answer to a publication");
  if (*offset == 0) return std::optional<broker_position>();
  return std::make_optional<broker_position>({*offset, std::string(*epoch)});
}

result<broker_history> to_history(const redis_value& reply) {
  if (reply.size() != 4) return unexpected("a history");
  const auto epoch = reply[0].text();
  const auto last = reply[1].number();
  const auto oldest = to_offset(reply[2].text());
  const auto count = reply[3].size();
  if (!epoch || epoch->empty() || !last || !oldest || !count) return unexpected("a history");
  broker_history out{.last = {*last, std::string(*epoch)}, .oldest = *oldest};
  out.publications.reserve(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    auto one = to_entry(reply[3][i]);
    if (!one) return unexpected("a publication in a history");
    out.publications.push_back(std::move(*one));
  }
  return out;
}

result<std::vector<broker_member>> to_members(const redis_value& reply) {
  const auto size = reply.size();
  if (!size || *size % 2 != 0) return unexpected("the presence of a channel");
  std::vector<broker_member> out;
  out.reserve(*size / 2);
  for (std::size_t i = 0; i < *size; i += 2) {
    const auto client = reply[i].text();
    const auto bytes = reply[i + 1].text();
    if (!client || !bytes) return unexpected("the presence of a channel");
    out.push_back({std::string(*client), std::string(*bytes)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.client < b.client; });
  return out;
}

std::optional<redis_publication> to_publication(std::string_view payload) {
  const std::size_t first = payload.find(':');
  const std::size_t second = first == payload.npos ? payload.npos : payload.find(':', first + 1);
  if (second == payload.npos) return std::nullopt;
  const auto offset = to_number(payload.substr(0, first));
  const std::string_view epoch = payload.substr(first + 1, second - first - 1);
  if (!offset || (*offset == 0) != epoch.empty()) return std::nullopt;
  return redis_publication{{*offset, std::string(payload.substr(second + 1))}, std::string(epoch)};
}

}  // namespace twinsocket::detail
