// RapidJSON: parses in place, in a copy because that destroys the text, checks UTF-8 and rounds numbers correctly (both are
// off by default), and walks the tree.

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "members.hpp"
#include "peer.hpp"

namespace bench {

namespace {

using rapidjson::Value;

struct reader {
  bool operator()(const Value& from, std::int64_t& to) const {
    if (!from.IsInt64()) return false;
    to = from.GetInt64();
    return true;
  }
  bool operator()(const Value& from, double& to) const {
    if (!from.IsNumber()) return false;
    to = from.GetDouble();
    return true;
  }
  bool operator()(const Value& from, bool& to) const {
    if (!from.IsBool()) return false;
    to = from.GetBool();
    return true;
  }
  bool operator()(const Value& from, std::string& to) const {
    if (!from.IsString()) return false;
    to.assign(from.GetString(), from.GetStringLength());
    return true;
  }
  bool operator()(const Value& from, std::optional<std::string>& to) const {
    return from.IsNull() || (*this)(from, to.emplace());
  }
  template <class Struct>
  bool operator()(const Value& from, Struct& to) const {
    if (!from.IsObject()) return false;
    seen_members seen;
    for (const auto& member : from.GetObject()) {
      const std::string_view name(member.name.GetString(), member.name.GetStringLength());
      if (!read_member(to, name, member.value, seen, *this)) return false;
    }
    return complete(to, seen, true);
  }
  template <class Element>
  bool list(const Value& from, std::vector<Element>& to, bool first) const {
    if (!first || !from.IsArray()) return false;
    to.reserve(from.Size());
    for (const Value& element : from.GetArray())
      if (!(*this)(element, to.emplace_back())) return false;
    return true;
  }
};

std::optional<order> decode(const std::string& text) {
  std::string copy = text;
  rapidjson::Document tree;
  tree.ParseInsitu<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag>(copy.data());
  order made;
  if (tree.HasParseError() || !reader()(tree, made)) return std::nullopt;
  return made;
}

using writer = rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator,
                                 rapidjson::kWriteValidateEncodingFlag>;

void write_text(writer& to, const std::string& text) {
  to.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write(writer& to, const address& from) {
  to.StartObject();
  to.Key("street");
  write_text(to, from.street);
  to.Key("city");
  write_text(to, from.city);
  to.Key("zip");
  from.zip ? write_text(to, *from.zip) : static_cast<void>(to.Null());
  to.EndObject();
}

void write(writer& to, const item& from) {
  to.StartObject();
  to.Key("id");
  to.Int64(from.id);
  to.Key("title");
  write_text(to, from.title);
  to.Key("price");
  to.Double(from.price);
  to.Key("sold");
  to.Bool(from.sold);
  to.Key("tags");
  to.StartArray();
  for (const std::string& tag : from.tags) write_text(to, tag);
  to.EndArray();
  to.Key("from");
  write(to, from.from);
  to.EndObject();
}

std::string encode(const order& document) {
  rapidjson::StringBuffer buffer;
  writer to(buffer);
  to.StartObject();
  to.Key("id");
  to.Int64(document.id);
  to.Key("items");
  to.StartArray();
  for (const item& one : document.items) write(to, one);
  to.EndArray();
  to.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

const registered_peer registered({"RapidJSON", "json", decode, encode});

}  // namespace

}  // namespace bench
