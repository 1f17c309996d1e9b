#include <tinyxml2.h>

#include <string>

#include "codec/xml_scan.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket {

namespace detail {

namespace {

// Builds the document with tinyxml2's functions, which take strings that end in a NUL.
class xml_document_builder {
 public:
  explicit xml_document_builder(tinyxml2::XMLDocument& document) : document_(document), open_(&document) {}

  void begin(const xml_scanner& tag) {
    add_text(tag.text_before());
    tinyxml2::XMLElement* const made = document_.NewElement(terminated(name_, tag.name()));
    for (const xml_attribute& each : tag.attributes())
      made->SetAttribute(terminated(name_, each.name), terminated(value_, each.value.get()));
    open_ = open_->InsertEndChild(made);
  }
  void end(const xml_scanner& tag) {
    add_text(tag.text_before());
    open_ = open_->Parent();
  }

 private:
  static const char* terminated(std::string& room, std::string_view text) { return room.assign(text).c_str(); }
  void add_text(std::string_view text) {
    if (!text.empty()) open_->InsertEndChild(document_.NewText(terminated(value_, text)));
  }

  tinyxml2::XMLDocument& document_;
  tinyxml2::XMLNode* open_;
  std::string name_;
  std::string value_;
};

}  // namespace

}  // namespace detail

result<void> xml_codec::decode(const message& received, tinyxml2::XMLDocument& document) const {
  document.Clear();
  if (!received.is_text()) return error(errc::wrong_kind, "expected a text message, found a binary one");
  detail::xml_scanner scanner(received.text(), {options_.max_depth, max_nodes_});
  detail::xml_document_builder builder(document);
  for (;;) {
    switch (scanner.next()) {
      case detail::xml_event::start_tag: builder.begin(scanner); break;
      case detail::xml_event::end_tag: builder.end(scanner); break;
      case detail::xml_event::end: return {};
      case detail::xml_event::error: document.Clear(); return scanner.why();
    }
  }
}

}  // namespace twinsocket
