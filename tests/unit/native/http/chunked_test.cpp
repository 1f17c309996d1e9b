#include "http/chunked.hpp"

#include "test.hpp"

using twinsocket::detail::append_chunk;
using twinsocket::detail::last_chunk;

TEST_CASE("append_chunk() writes the size in hexadecimal and last_chunk is empty") {
  std::string content;
  append_chunk(content, "hello");
  append_chunk(content, std::string(26, 'x'));
  content += last_chunk;
  CHECK(content == "5\r\nhello\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
}
