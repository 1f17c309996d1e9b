#include "server/file_server.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "http/date.hpp"
#include "platform/path_text.hpp"
#include "server/conditional.hpp"
#include "server/media_type.hpp"
#include "server/request_builder.hpp"
#include "server/request_check.hpp"

namespace twinsocket::detail {

namespace {

using kind = opened_file::kind;

file_response not_served(kind why, const request& req) {
  switch (why) {
    case kind::forbidden: return {.head = refusal(403, std::string(req.path()) + " cannot be read")};
    case kind::exhausted:
      return {.head = refusal(503, "too many files are open, try again").header("Retry-After", "1")};
    default: return {.head = refusal(404, "there is no " + std::string(req.path()))};
  }
}

// Redirects to the same path with a final "/", so that relative links in the folder's index resolve correctly.
file_response redirect_to_folder(const request& req) {
  std::string location(req.path());
  location += '/';
  if (const auto query = request_builder::query_text(req); !query.empty()) location.append("?").append(query);
  return {.head = response::text("the folder is at " + location + "\n").status(301).header("Location", location)};
}

std::string hexadecimal(std::uint64_t value) {
  std::array<char, 16> digits;
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr};
}

// Two content codings of one file must not share an entity tag (RFC 9110 section 8.8.3.3).
representation describe_file(const opened_file& f, std::string_view coding) {
  const auto time = static_cast<std::uint64_t>(f.modified.seconds) * 1'000'000'000 +
                    static_cast<std::uint64_t>(f.modified.nanoseconds);
  std::string etag = "\"" + hexadecimal(time) + "-" + hexadecimal(f.size);
  if (!coding.empty()) etag.append("-").append(coding);
  return {.etag = etag + "\"", .modified = f.modified.seconds, .size = f.size};
}

std::string content_range(const selection& part, std::uint64_t size) {
  if (part.status == 416) return "bytes */" + std::to_string(size);
  return "bytes " + std::to_string(part.first) + "-" + std::to_string(part.first + part.size - 1) + "/" +
         std::to_string(size);
}

}  // namespace

result<file_server> file_server::make(const std::string& folder, file_options options) {
  std::error_code failure;
  const std::filesystem::path path = path_of(folder);
  if (!std::filesystem::is_directory(path, failure))
    return error(errc::invalid_argument, "\"" + folder + "\" is not a folder", failure);
  file_server made;
  // Absolute, because the program may change its working directory later.
  made.folder_ = text_of_path(std::filesystem::absolute(path, failure));
  made.options_ = std::move(options);
  return made;
}

file_response file_server::respond(const request& req, std::span<const std::string> segments) const {
  if (segments.empty()) return redirect_to_folder(req);
  std::vector<std::string> path(segments.begin(), segments.end());
  const bool is_folder = path.back().empty();
  if (is_folder) path.back() = options_.index();
  opened_file found = open_beneath(folder_, path);
  // Only a path without a final "/" is redirected: an index that is itself a folder is not served.
  if (found.what == kind::folder && !is_folder) return redirect_to_folder(req);
  if (found.what != kind::file) return not_served(found.what, req);
  std::string name = path.back();
  return send(req, std::move(name), std::move(found), std::move(path));
}

file_response file_server::send(const request& req, std::string name, opened_file plain,
                                std::vector<std::string> segments) const {
  opened_file chosen = std::move(plain);
  std::string_view coding;
  const coding_preference preference = preferred_codings(req);
  for (const std::string_view one : {preference.first, preference.second}) {
    if (one.empty()) continue;
    segments.back() = name + (one == "br" ? ".br" : ".gz");
    opened_file compressed = open_beneath(folder_, segments);
    if (compressed.what != kind::file || compressed.modified < chosen.modified) continue;
    chosen = std::move(compressed);
    coding = one;
    break;
  }

  const representation whole = describe_file(chosen, coding);
  const selection part = select_range(req, whole);
  file_response a{.head = response(part.status)};
  a.head.header("ETag", whole.etag)
      .header("Last-Modified", http_date(whole.modified))
      .header("Cache-Control", options_.cache_control())
      .header("Accept-Ranges", "bytes")
      .header("Vary", "Accept-Encoding");
  for (const auto& [header, value] : options_.headers()) a.head.header(header, value);
  if (part.status == 206 || part.status == 416) a.head.header("Content-Range", content_range(part, whole.size));
  if (part.status != 200 && part.status != 206) return a;
  a.head.header("Content-Type", std::string(media_type(name)));
  if (!coding.empty()) a.head.header("Content-Encoding", std::string(coding));
  a.content = std::move(chosen.file);
  a.first = part.first;
  a.size = part.size;
  return a;
}

}  // namespace twinsocket::detail
