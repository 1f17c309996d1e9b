#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "codec/document_writer.hpp"
#include "codec/json_scan.hpp"
#include "codec/json_text.hpp"
#include "codec/number.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket {

namespace detail {

namespace {

using nlohmann::json;

// Builds an nlohmann::json with the limit of depth and the refusal of duplicates that its own parser does not have.
class untyped_sink {
 public:
  untyped_sink(json& value, document_rules rules) : root_(value), rules_(rules) {}

  bool null() { return place(nullptr) != nullptr; }
  bool boolean(bool value) { return place(value) != nullptr; }
  bool number(integer value) {
    constexpr std::uint64_t most = std::uint64_t{1} << 63;
    if (!value.negative) return place(value.magnitude) != nullptr;
    if (value.magnitude > most) return place(-static_cast<double>(value.magnitude)) != nullptr;
    return place(static_cast<std::int64_t>(0 - value.magnitude)) != nullptr;
  }
  bool number(const number_parts& value) {
    double number = 0;
    if (!convert(value, number)) return refuse(errc::wrong_type, "a number too large for any type");
    return place(number) != nullptr;
  }
  bool string(std::string_view value) { return place(std::string(value)) != nullptr; }
  bool start_object() { return open(json::object()); }
  bool start_array() { return open(json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string_view name) {
    auto& members = *open_.back()->get_ptr<json::object_t*>();
    const auto [at, is_new] = members.try_emplace(std::string(name));
    if (!is_new) return refuse(errc::wrong_type, "the member " + in_quotes(name) + " is there twice");
    named_ = &at->second;
    return true;
  }

  bool refuse(errc code, std::string reason) {
    refusal_ = refusal(code, std::move(reason));
    for (std::size_t i = open_.size(); i-- > 1;) leave(*open_[i - 1], open_[i]);
    return false;
  }
  [[nodiscard]] const refusal& why() const { return refusal_; }

 private:
  json* place(json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (auto* const elements = open_.back()->get_ptr<json::array_t*>())
      return &elements->emplace_back(std::move(value));
    return &(*named_ = std::move(value));
  }
  bool open(json empty) {
    if (open_.size() == rules_.max_depth)
      return refuse(errc::too_deep, "nested deeper than " + std::to_string(rules_.max_depth) + " levels");
    open_.push_back(place(std::move(empty)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  void leave(const json& parent, const json* child) {
    if (const auto* const elements = parent.get_ptr<const json::array_t*>()) {
      refusal_.leave_element(elements->size() - 1);
      return;
    }
    for (const auto& [name, value] : *parent.get_ptr<const json::object_t*>())
      if (&value == child) refusal_.leave_member(name);
  }

  json& root_;
  document_rules rules_;
  refusal refusal_;
  std::vector<json*> open_;
  json* named_ = nullptr;
};

// nlohmann's own writer recurses without a limit, and writes numbers in another way than json_codec does.
class untyped_writer : public document_writer {
 public:
  using document_writer::document_writer;

  bool write(const json& value) {
    char text[number_room];
    switch (value.type()) {
      case json::value_t::boolean: out_.put(*value.get_ptr<const bool*>() ? "true" : "false"); return true;
      case json::value_t::number_integer: {
        const std::int64_t number = *value.get_ptr<const json::number_integer_t*>();
        const auto bits = static_cast<std::uint64_t>(number);
        out_.put(write_integer(text, {number < 0, number < 0 ? 0 - bits : bits}));
        return true;
      }
      case json::value_t::number_unsigned:
        out_.put(write_integer(text, {false, *value.get_ptr<const json::number_unsigned_t*>()}));
        return true;
      case json::value_t::number_float: {
        const double number = *value.get_ptr<const json::number_float_t*>();
        if (!std::isfinite(number)) return refuse(errc::invalid_argument, "JSON has no number for NaN and infinity");
        out_.put(write_json_number(text, number));
        return true;
      }
      case json::value_t::string: return write_string(*value.get_ptr<const std::string*>());
      case json::value_t::array: return write_array(*value.get_ptr<const json::array_t*>());
      case json::value_t::object: return write_object(*value.get_ptr<const json::object_t*>());
      case json::value_t::binary: return refuse(errc::invalid_argument, "JSON has no binary values");
      default: out_.put("null"); return true;
    }
  }

 private:
  bool write_string(const std::string& text) { return write_json_string(out_, text) || refuse_utf8(text); }
  bool write_array(const json::array_t& elements) {
    if (!enter()) return false;
    out_.put('[');
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (i) out_.put(',');
      if (write(elements[i])) continue;
      refusal_.leave_element(i);
      return false;
    }
    out_.put(']');
    return leave();
  }
  bool write_object(const json::object_t& members) {
    if (!enter()) return false;
    out_.put('{');
    bool first = true;
    for (const auto& [name, value] : members) {
      if (!first) out_.put(',');
      first = false;
      if (!write_string(name)) return false;
      out_.put(':');
      if (write(value)) continue;
      refusal_.leave_member(name);
      return false;
    }
    out_.put('}');
    return leave();
  }
};

}  // namespace

}  // namespace detail

result<message> json_codec::write_untyped(const nlohmann::json& value) const {
  detail::untyped_writer writer(rules_.max_depth);
  const bool written = writer.write(value);
  return std::move(writer).finish(written, message_kind::text);
}

result<void> json_codec::read_untyped(const message& received, nlohmann::json& value) const {
  detail::untyped_sink sink(value, rules_);
  return detail::scan_json(received, sink);
}

}  // namespace twinsocket
