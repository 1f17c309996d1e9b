// simdjson's On Demand API, without a tree: one parser for all documents, and no copy, because the text has the capacity
// that it reads beyond the end.

#include <simdjson.h>

#include "members.hpp"
#include "peer.hpp"

namespace bench {

namespace {

namespace ondemand = simdjson::ondemand;

// A document and a value have the same functions.
struct reader {
  template <class Value>
  bool operator()(Value& from, std::int64_t& to) const {
    return from.get_int64().get(to) == simdjson::SUCCESS;
  }
  template <class Value>
  bool operator()(Value& from, double& to) const {
    return from.get_double().get(to) == simdjson::SUCCESS;
  }
  template <class Value>
  bool operator()(Value& from, bool& to) const {
    return from.get_bool().get(to) == simdjson::SUCCESS;
  }
  template <class Value>
  bool operator()(Value& from, std::string& to) const {
    std::string_view text;
    if (from.get_string().get(text) != simdjson::SUCCESS) return false;
    to = text;
    return true;
  }
  template <class Value>
  bool operator()(Value& from, std::optional<std::string>& to) const {
    bool null = false;
    if (from.is_null().get(null) != simdjson::SUCCESS) return false;
    return null || (*this)(from, to.emplace());
  }
  template <class Value, class Struct>
  bool operator()(Value& from, Struct& to) const {
    ondemand::object object;
    if (from.get_object().get(object) != simdjson::SUCCESS) return false;
    seen_members seen;
    for (auto found : object) {
      ondemand::field field;
      std::string_view name;
      if (std::move(found).get(field) != simdjson::SUCCESS || field.unescaped_key().get(name) != simdjson::SUCCESS)
        return false;
      if (!read_member(to, name, field.value(), seen, *this)) return false;
    }
    return complete(to, seen, true);
  }
  template <class Value, class Element>
  bool list(Value& from, std::vector<Element>& to, bool first) const {
    ondemand::array array;
    if (!first || from.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto found : array) {
      ondemand::value element;
      if (std::move(found).get(element) != simdjson::SUCCESS || !(*this)(element, to.emplace_back())) return false;
    }
    return true;
  }
};

std::optional<order> decode(const std::string& text) {
  static ondemand::parser parser;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
  ondemand::document document;
  order made;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS || !reader()(document, made)) return std::nullopt;
  // At the end there is no location any more; otherwise there is text after the document.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return std::nullopt;
  return made;
}

const registered_peer registered({"simdjson", "json", decode, nullptr});

}  // namespace

}  // namespace bench
