#include "xml_bridge.hpp"

#include <string>
#include <utility>
#include <vector>

#include "codec/json_text.hpp"
#include "codec/output.hpp"
#include "codec/refusal.hpp"
#include "codec/unicode.hpp"
#include "codec/xml_scan.hpp"
#include "codec/xml_text.hpp"
#include "codec/xml_tree.hpp"

namespace twinsocket::detail {

namespace {

// Those of xml_codec, unless told.
constexpr xml_limits limits_of_documents{.depth = 256, .nodes = 1'000'000};

class tree_writer {
 public:
  explicit tree_writer(const xml_tree& tree) : tree_(tree) {}

  void write(const xml_tree::element& element) {
    out_.put('[');
    put_string(local_name(element.node->Name()));
    out_.put(',');
    out_.put(std::to_string(tree_.line_of(element)));
    const std::string_view text = text_of(element, room_);
    if (!text.empty()) {
      out_.put(',');
      put_string(text);
    }
    for (auto child = tree_.first_child(element); child; child = tree_.next_sibling(child)) {
      out_.put(',');
      write(child);
    }
    out_.put(']');
  }

  [[nodiscard]] buffer take() && { return std::move(out_).take(); }

 private:
  void put_string(std::string_view text) {
    // The scanner lets nothing through that is not UTF-8.
    [[maybe_unused]] const bool good = write_json_string(out_, text);
  }

  const xml_tree& tree_;
  output out_;
  std::string room_;
};

bool is_name(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const character c = first_character(text.substr(at));
    const bool fits = c.size && c.value != ':' && (at ? continues_xml_name(c.value) : starts_xml_name(c.value));
    if (!fits) return false;
    at += c.size;
  }
  return !text.empty();
}

}  // namespace

result<buffer> xml_to_tree(std::string_view document) {
  scanned_xml scanned;
  refusal why;
  std::size_t line = 0;
  if (!scan_xml(document, limits_of_documents, scanned, why, line))
    return why.to_error("at line " + std::to_string(line));
  xml_tree tree;
  if (!tree.parse(std::move(scanned))) return error(errc::syntax, "tinyxml2 refuses the document");
  tree_writer writer(tree);
  writer.write(tree.root());
  return std::move(writer).take();
}

result<buffer> marks_to_xml(std::string_view marks) {
  output out;
  std::vector<std::string_view> open;
  while (!marks.empty()) {
    const std::size_t end = marks.find('\0');
    const std::string_view argument = marks.substr(1, end - 1);
    switch (marks[0]) {
      case '<':
        if (!is_name(argument)) return error(errc::invalid_argument, in_quotes(argument) + " cannot be a name in XML");
        open.push_back(argument);
        out.put('<');
        out.put(argument);
        out.put('>');
        break;
      case '=': write_xml_text(out, argument); break;
      default:
        out.put("</");
        out.put(open.back());
        out.put('>');
        open.pop_back();
    }
    marks.remove_prefix(end + 1);
  }
  return std::move(out).take();
}

}  // namespace twinsocket::detail
