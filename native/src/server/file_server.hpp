#pragma once

// Serves the files of a folder.

#include <cstdint>
#include <span>
#include <string>

#include "platform/open_beneath.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// A response whose content is in a file, or in the response itself if no file is set.
struct file_response {
  response head;
  input_file content{};
  std::uint64_t first = 0;
  std::uint64_t size = 0;
};

class file_server {
 public:
  /// errc::invalid_argument if `folder` is not a folder.
  [[nodiscard]] static result<file_server> make(const std::string& folder, file_options options);

  /// The response to a GET or HEAD of the path below the folder that the segments name. An empty last segment means a
  /// folder. No segments mean this folder, requested without the final "/".
  [[nodiscard]] file_response respond(const request& req, std::span<const std::string> segments) const;

 private:
  [[nodiscard]] file_response send(const request& req, std::string name, opened_file plain,
                                   std::vector<std::string> segments) const;

  std::string folder_;
  file_options options_;
};

}  // namespace twinsocket::detail
