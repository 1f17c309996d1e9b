#pragma once

// Write access to a request, for the parser, the checks and the router.

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/text.hpp"
#include "twinsocket/native/request.hpp"

namespace twinsocket::detail {

struct request_builder {
  static void set_request_line(request& r, std::string_view method, std::string_view target) {
    r.method_ = add(r, method);
    r.target_ = add(r, target);
  }
  static void add_field(request& r, std::string_view name, std::string_view value) {
    r.fields_.push_back({add(r, name), add(r, value)});
  }
  static void add_parameter(request& r, std::string_view name, std::string_view value) {
    r.parameters_.push_back({add(r, name), add(r, value)});
  }
  /// `path` and `query` must be views into the target. An empty path becomes "/".
  static void set_path(request& r, std::string_view path, std::string_view query) {
    r.path_ = path.empty() ? add(r, "/") : inside(r, path);
    r.query_ = inside(r, query);
  }
  static void set_host(request& r, std::string_view host) { r.host_ = inside(r, host); }
  static void set_remote_address(request& r, std::string address) { r.remote_address_ = std::move(address); }
  static void set_tls(request& r, bool secure, std::shared_ptr<const client_certificate> certificate) {
    r.secure_ = secure;
    r.certificate_ = std::move(certificate);
  }
  // Set from the headers of a trusted proxy.
  static void set_forwarded_host(request& r, std::string_view host) { r.host_ = add(r, host); }
  static void set_forwarded_scheme(request& r, bool secure) {
    r.secure_ = secure;
    r.scheme_is_forwarded_ = true;
  }
  /// The scheme from the proxy's header, or "".
  [[nodiscard]] static std::string_view forwarded_scheme(const request& r) {
    return r.scheme_is_forwarded_ ? r.scheme() : std::string_view();
  }
  /// Calls `use` with each value of a header.
  template <class Use>
  static void for_each_value(const request& r, std::string_view header, Use use) {
    for (const request::pair& field : r.fields_)
      if (iequals(r.view(field.name), header)) use(r.view(field.value));
  }
  /// The values of a header that should occur once.
  struct occurrences {
    std::size_t count = 0;
    std::string_view first{};
  };
  [[nodiscard]] static occurrences find(const request& r, std::string_view header) {
    occurrences found;
    for_each_value(r, header, [&](std::string_view value) {
      if (++found.count == 1) found.first = value;
    });
    return found;
  }
  [[nodiscard]] static twinsocket::attributes& attributes(request& r) { return r.attributes_; }
  [[nodiscard]] static std::string& body(request& r) { return r.body_; }
  [[nodiscard]] static std::string_view query_text(const request& r) { return r.view(r.query_); }

 private:
  static request::slice add(request& r, std::string_view text) {
    const auto first = static_cast<std::uint32_t>(r.text_.size());
    r.text_.append(text);
    return {first, static_cast<std::uint32_t>(text.size())};
  }
  static request::slice inside(const request& r, std::string_view text) {
    if (text.empty()) return {};
    return {static_cast<std::uint32_t>(text.data() - r.text_.data()), static_cast<std::uint32_t>(text.size())};
  }
};

}  // namespace twinsocket::detail
