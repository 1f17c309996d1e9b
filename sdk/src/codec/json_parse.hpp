#pragma once

// nlohmann's parser, made to drive a sink: typed_sink, or the one of untyped documents.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "codec/json_position.hpp"
#include "codec/refusal.hpp"
#include "codec/scalar.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

/// The parser's own reason without what stands before and behind it: not the place, which we tell in our way, and not
/// what was last read, which may be as long as the document.
[[nodiscard]] std::string reason_of(const nlohmann::detail::exception& problem);

template <class Sink>
class json_events {
 public:
  json_events(std::string_view text, Sink& sink) : position_(text), sink_(sink) {}

  result<void> parse() {
    const bool done = nlohmann::json::sax_parse(position_.begin(), position_.end(), this);
    if (done && !position_.all_read()) {
      sink_.refuse(errc::syntax, "expected the end of the document, found U+0000");
      return sink_.why().to_error(position_.text_of(position_.unread()));
    }
    if (!done) return sink_.why().to_error(place_);
    return {};
  }

  bool null() { return after(sink_.null()); }
  bool boolean(bool value) { return after(sink_.boolean(value)); }
  bool number_integer(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return after(sink_.number(integer{value < 0, value < 0 ? 0 - bits : bits}, position_.number()));
  }
  bool number_unsigned(std::uint64_t value) { return after(sink_.number(integer{false, value}, position_.number())); }
  bool number_float(double value, const std::string&) { return after(sink_.number(value, position_.number())); }
  bool string(std::string& value) { return after(sink_.string(value)); }
  bool binary(nlohmann::json::binary_t&) { return false; }
  bool start_object(std::size_t) { return after(sink_.start_object()); }
  bool key(std::string& name) { return after(sink_.key(name)); }
  bool end_object() { return after_end(sink_.end_object()); }
  bool start_array(std::size_t) { return after(sink_.start_array()); }
  bool end_array() { return after_end(sink_.end_array()); }

  bool parse_error(std::size_t read, const std::string&, const nlohmann::detail::exception& problem) {
    if (problem.id == 406) {
      place_ = position_.text_of(position_.token());
      return sink_.refuse(errc::wrong_type, "a number too large for any type");
    }
    // The parser counts the character that it stumbled over, also when it is the end.
    place_ = position_.text_of(read ? read - 1 : 0);
    std::string reason = reason_of(problem);
    const bool utf8 = reason.find("UTF-8") != reason.npos;
    return sink_.refuse(utf8 ? errc::invalid_utf8 : errc::syntax, std::move(reason));
  }

 private:
  bool after(bool taken) {
    if (!taken) place_ = position_.text_of(position_.token());
    position_.next();
    return taken;
  }
  bool after_end(bool taken) {
    if (!taken) place_ = position_.text_of(position_.unread());
    position_.next();
    return taken;
  }

  json_position position_;
  Sink& sink_;
  std::string place_;
};

template <class Sink>
result<void> parse_json(const message& received, Sink& sink) {
  if (!received.is_text()) return error(errc::wrong_kind, "expected a text message, found a binary one");
  if (received.text().starts_with("\xEF\xBB\xBF")) return error(errc::syntax, "a byte order mark at byte 0");
  return json_events<Sink>(received.text(), sink).parse();
}

}  // namespace twinsocket::detail
