#pragma once

// What a Redis server answers, as the reader of hiredis parses it. Nothing is assumed of its type: every access checks it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"
#include "twinsocket/native/broker.hpp"

struct redisReader;
struct redisReply;

namespace twinsocket::detail {

/// A reply or a part of one. Valid as long as the redis_reply.
class redis_value {
 public:
  explicit redis_value(const redisReply* reply) noexcept : reply_(reply) {}

  /// A string or a status.
  [[nodiscard]] std::optional<std::string_view> text() const noexcept;
  /// An integer, or a string of digits. Empty for negative numbers.
  [[nodiscard]] std::optional<std::uint64_t> number() const noexcept;
  [[nodiscard]] std::optional<std::string_view> error_text() const noexcept;
  /// The number of elements, or nothing if it is no array.
  [[nodiscard]] std::optional<std::size_t> size() const noexcept;
  /// `index` must be below size().
  [[nodiscard]] redis_value operator[](std::size_t index) const noexcept;

 private:
  const redisReply* reply_;
};

struct redis_reply_deleter {
  void operator()(redisReply* reply) const noexcept;
};

class redis_reply {
 public:
  explicit redis_reply(redisReply* reply) noexcept : reply_(reply) {}
  [[nodiscard]] redis_value value() const noexcept { return redis_value(reply_.get()); }

 private:
  std::unique_ptr<redisReply, redis_reply_deleter> reply_;
};

/// Takes bytes as they are received and returns replies.
class redis_parser {
 public:
  redis_parser();

  void feed(std::string_view bytes);
  /// The next complete reply, nothing if there is none, or errc::malformed. Not called again after an error.
  [[nodiscard]] result<std::optional<redis_reply>> next();

 private:
  struct deleter {
    void operator()(redisReader* reader) const noexcept;
  };
  std::unique_ptr<redisReader, deleter> reader_;
  std::size_t unparsed_ = 0;  // Bytes of the incomplete reply, about.
  bool failed_ = false;
};

/// The text of an error reply for people: printable and short.
[[nodiscard]] std::string redis_error_text(std::string_view reply);
/// Its first word, such as "WRONGPASS", which contains no argument of the command.
[[nodiscard]] std::string redis_error_code(std::string_view reply);

// The values of the scripts and commands of the broker. errc::type_mismatch if a reply has another form.

/// {offset, epoch}
[[nodiscard]] result<std::optional<broker_position>> to_position(const redis_value& reply);
/// {epoch, offset, identifier of the oldest entry or "0", {{identifier, {field, bytes}}, ...}}
[[nodiscard]] result<broker_history> to_history(const redis_value& reply);
/// {client, bytes, client, bytes, ...}
[[nodiscard]] result<std::vector<broker_member>> to_members(const redis_value& reply);

struct redis_publication {
  broker_publication publication;
  std::string epoch;  ///< "" if the channel keeps no history.

  friend bool operator==(const redis_publication&, const redis_publication&) = default;
};

/// "17:epoch:bytes" or "0::bytes", as the script publishes it. Nothing for anything else.
[[nodiscard]] std::optional<redis_publication> to_publication(std::string_view payload);

}  // namespace twinsocket::detail
