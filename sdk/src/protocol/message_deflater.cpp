#include "protocol/message_deflater.hpp"

#include <utility>

namespace twinsocket::detail {

namespace {

// The last bytes of a message, which are not sent because the peer appends them again (section 7.2.1).
constexpr std::size_t tail_size = 4;

// An empty stored block, without these bytes (section 7.2.3.6).
constexpr std::byte empty_block{0x00};

void cut(buffer& bytes, std::size_t size) noexcept {
  bytes.clear();
  bytes.commit(size);
}

}  // namespace

bool deflate_single(const deflate_engine& engine, int window_bits, std::span<const std::byte> payload, buffer& out) {
  if (payload.empty()) return false;
  auto borrowed = engine.make_deflater(window_bits);
  if (!borrowed) return false;
  const std::size_t before = out.size();
  borrowed->deflate(payload, out);
  engine.recycle(std::move(borrowed));
  const std::size_t size = out.size() - before - tail_size;
  const bool gains = size < payload.size();
  cut(out, gains ? before + size : before);
  return gains;
}

message_deflater::~message_deflater() {
  if (deflater_) engine_.recycle(std::move(deflater_));
}

bool message_deflater::begin(std::size_t size, const message_part& part) {
  if (!part.compress || (size == 0 && part.last)) return false;
  if (!deflater_) deflater_ = engine_.make_deflater(terms_.window_bits);
  return deflater_ != nullptr;
}

bool message_deflater::deflate(std::span<const std::byte> bytes, const message_part& part, buffer& out) {
  if (part.first && part.last && part.compress && !terms_.keeps_context)
    return deflate_single(engine_, terms_.window_bits, bytes, out);
  if (part.first) compresses_ = begin(bytes.size(), part);
  if (!compresses_) return false;
  if (!bytes.empty()) {
    deflater_->deflate(bytes, out);
    if (part.last) cut(out, out.size() - tail_size);
  } else if (part.last) {
    out.append({&empty_block, 1});
  }
  if (part.last && !terms_.keeps_context) engine_.recycle(std::move(deflater_));
  return true;
}

}  // namespace twinsocket::detail
