// pugixml: parses a copy of the text, which it makes itself, into a tree, and walks it. Numbers are read with from_chars(),
// because pugixml's own conversions do not report errors.

#include <charconv>
#include <pugixml.hpp>

#include "members.hpp"
#include "peer.hpp"

namespace bench {

namespace {

struct reader {
  template <class Number>
  static bool number(std::string_view text, Number& to) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), to);
    return failure == std::errc() && end == text.data() + text.size();
  }
  bool operator()(pugi::xml_node from, std::int64_t& to) const { return number(from.child_value(), to); }
  bool operator()(pugi::xml_node from, double& to) const { return number(from.child_value(), to); }
  bool operator()(pugi::xml_node from, bool& to) const {
    const std::string_view text = from.child_value();
    to = text == "true";
    return to || text == "false";
  }
  bool operator()(pugi::xml_node from, std::string& to) const {
    to = from.child_value();
    return true;
  }
  bool operator()(pugi::xml_node from, std::optional<std::string>& to) const { return (*this)(from, to.emplace()); }
  template <class Struct>
  bool operator()(pugi::xml_node from, Struct& to) const {
    seen_members seen;
    for (const pugi::xml_node child : from)
      if (!read_member(to, child.name(), child, seen, *this)) return false;
    return complete(to, seen, false);
  }
  // Each element of a list is a child of the struct.
  template <class Element>
  bool list(pugi::xml_node from, std::vector<Element>& to, bool) const {
    return (*this)(from, to.emplace_back());
  }
};

std::optional<order> decode(const std::string& text) {
  pugi::xml_document tree;
  if (!tree.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) return std::nullopt;
  const pugi::xml_node root = tree.document_element();
  order made;
  if (std::string_view(root.name()) != "order" || !reader()(root, made)) return std::nullopt;
  return made;
}

const registered_peer registered({"pugixml", "xml", decode, nullptr});

}  // namespace

}  // namespace bench
