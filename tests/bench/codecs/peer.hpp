#pragma once

// The libraries that main.cpp compares. Each is a file of its own, and only those that are installed are compiled.

#include <optional>
#include <string>
#include <vector>

#include "document.hpp"

namespace bench {

struct peer {
  std::string library, format;
  /// Returns nullopt for a text that is not such a document. The text has 64 bytes of capacity behind its end.
  std::optional<order> (*decode)(const std::string& text);
  /// nullptr if it is not measured.
  std::string (*encode)(const order& document);
};

inline std::vector<peer>& peers() {
  static std::vector<peer> list;
  return list;
}

struct registered_peer {
  explicit registered_peer(peer one) { peers().push_back(std::move(one)); }
};

}  // namespace bench
