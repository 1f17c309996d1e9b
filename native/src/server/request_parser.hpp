#pragma once

// Beast's HTTP parser, writing straight into a request of ours: Beast's own message would hold every field in a block
// of memory of its own, and all of it would then be copied.

#include <boost/beast/http/basic_parser.hpp>

#include "server/request_access.hpp"

namespace twinsocket::detail {

class request_parser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit request_parser(request& out) : request_(out), content_(&request_access::body(out)) {}

  /// Where the content goes from now on, instead of into the request.
  void content_into(std::string& there) noexcept { content_ = &there; }

  /// 10 or 11, as in HTTP/1.1; 0 until the first line is complete.
  [[nodiscard]] int version() const noexcept { return version_; }

 private:
  using text = boost::beast::string_view;
  using failure = boost::beast::error_code;
  static std::string_view view(text t) noexcept { return {t.data(), t.size()}; }

  void on_request_impl(boost::beast::http::verb, text method, text target, int version, failure&) override {
    version_ = version;
    request_access::set_line(request_, view(method), view(target));
  }
  void on_field_impl(boost::beast::http::field, text name, text value, failure&) override {
    // Fields behind a chunked body arrive here too: they could pose as what the checks have already passed.
    if (!header_done_) request_access::add_field(request_, view(name), view(value));
  }
  // Newer versions of Beast tell trailer fields apart; in the older ones this overrides nothing.
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
