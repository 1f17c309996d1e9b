#pragma once

// Indents JSON and XML documents.

#include <optional>
#include <string>

#include "twinsocket/message.hpp"

namespace twinsocket::app {

/// The JSON or XML document in a message, indented; nullopt if the message is not one. In JSON, the order of keys and the
/// spelling of numbers and strings do not change.
[[nodiscard]] std::optional<std::string> pretty_json(const message& document);
[[nodiscard]] std::optional<std::string> pretty_xml(const message& document);

}  // namespace twinsocket::app
