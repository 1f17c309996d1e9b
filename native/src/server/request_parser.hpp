#pragma once

// Beast's HTTP parser, writing directly into a request. This is cheaper than Beast's own message type, which allocates every
// field separately, and which would have to be copied.

#include <boost/beast/http/basic_parser.hpp>

#include "server/request_builder.hpp"

namespace twinsocket::detail {

class request_parser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit request_parser(request& out) : request_(out), content_(&request_builder::body(out)) {}

  /// Appends the content to `there` from now on, instead of to the request.
  void set_content_buffer(std::string& there) noexcept { content_ = &there; }

  /// 10 for HTTP/1.0, 11 for HTTP/1.1, 0 until the request line is complete.
  [[nodiscard]] int version() const noexcept { return version_; }

 private:
  using text = boost::beast::string_view;
  using failure = boost::beast::error_code;
  static std::string_view view(text t) noexcept { return {t.data(), t.size()}; }

  void on_request_impl(boost::beast::http::verb, text method, text target, int version, failure&) override {
    version_ = version;
    request_builder::set_request_line(request_, view(method), view(target));
  }
  void on_field_impl(boost::beast::http::field, text name, text value, failure&) override {
    // Trailer fields arrive here too. They are dropped, because they have not been checked and could replace header fields.
    if (!header_done_) request_builder::add_field(request_, view(name), view(value));
  }
  // Newer versions of Beast call this for trailer fields. In older ones it overrides nothing.
  virtual void on_trailer_field_impl(boost::beast::http::field, text, text, failure&) {}
  void on_header_impl(failure&) override { header_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, failure&) override {}
  std::size_t on_body_impl(text bytes, failure&) override {
    content_->append(view(bytes));
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, text, failure&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text bytes, failure& f) override { return on_body_impl(bytes, f); }
  void on_finish_impl(failure&) override {}
  void on_response_impl(int, text, int, failure&) override {}

  request& request_;
  std::string* content_;
  int version_ = 0;
  bool header_done_ = false;
};

}  // namespace twinsocket::detail
