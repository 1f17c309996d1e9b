#include "codec/map_order.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace twinsocket::detail {

bool visit_sorted(const map_shape& type, const void* map, visitor<std::string_view, const void*> visit) {
  if (type.sorted) return type.each(map, visit);
  std::vector<std::pair<std::string_view, const void*>> entries;
  entries.reserve(type.size(map));
  auto collect = [&](std::string_view key, const void* value) {
    entries.emplace_back(key, value);
    return true;
  };
  type.each(map, collect);
  std::sort(entries.begin(), entries.end());
  for (const auto& [key, value] : entries)
    if (!visit(key, value)) return false;
  return true;
}

}  // namespace twinsocket::detail
