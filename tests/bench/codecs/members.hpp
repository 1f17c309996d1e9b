#pragma once

// Which member of a struct has which name. A reader of a library calls read_member() for each member that it finds, and
// complete() at the end. Like twinsocket's codecs it refuses duplicate and missing members, and ignores unknown ones.

#include <string_view>

#include "document.hpp"

namespace bench {

class seen_members {
 public:
  bool once(unsigned index) {
    const unsigned before = bits_;
    bits_ |= 1U << index;
    return bits_ != before;
  }
  [[nodiscard]] bool has(unsigned bits) const { return (bits_ & bits) == bits; }

 private:
  unsigned bits_ = 0;
};

// `read(value, member)` returns whether the value fits.
template <class Reader, class Value>
bool read_member(address& to, std::string_view name, Value&& value, seen_members& seen, Reader read) {
  if (name == "street") return seen.once(0) && read(value, to.street);
  if (name == "city") return seen.once(1) && read(value, to.city);
  if (name == "zip") return seen.once(2) && read(value, to.zip);
  return true;
}
template <class Reader, class Value>
bool read_member(order& to, std::string_view name, Value&& value, seen_members& seen, Reader read) {
  if (name == "id") return seen.once(0) && read(value, to.id);
  if (name == "items") return read.list(value, to.items, seen.once(1));
  return true;
}

template <class Reader, class Value>
bool read_member(item& to, std::string_view name, Value&& value, seen_members& seen, Reader read) {
  if (name == "id") return seen.once(0) && read(value, to.id);
  if (name == "title") return seen.once(1) && read(value, to.title);
  if (name == "price") return seen.once(2) && read(value, to.price);
  if (name == "sold") return seen.once(3) && read(value, to.sold);
  if (name == "tags") return read.list(value, to.tags, seen.once(4));
  if (name == "from") return seen.once(5) && read(value, to.from);
  return true;
}

/// Whether all required members were there. In XML an empty list has no element at all.
inline bool complete(const address&, const seen_members& seen, bool) { return seen.has(0b11); }
inline bool complete(const item&, const seen_members& seen, bool lists) {
  return seen.has(lists ? 0b111111 : 0b101111);
}
inline bool complete(const order&, const seen_members& seen, bool lists) { return seen.has(lists ? 0b11 : 0b01); }

}  // namespace bench
