#include "deflate/zlib_engine.hpp"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include "protocol/deflate_negotiation.hpp"

namespace twinsocket::detail {

namespace {

// Clamps a size to unsigned int, which zlib uses.
uInt clamp(std::size_t size) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

Bytef* as_zlib_bytes(std::byte* bytes) noexcept { return reinterpret_cast<Bytef*>(bytes); }
const Bytef* as_zlib_bytes(const std::byte* bytes) noexcept { return reinterpret_cast<const Bytef*>(bytes); }

struct deflater_settings {
  int window_bits;
  int level;
  int memory_level;
  friend bool operator==(const deflater_settings&, const deflater_settings&) = default;
};

class zlib_deflater final : public deflater {
 public:
  explicit zlib_deflater(const deflater_settings& values) : settings_(values) {
    ready_ = ::deflateInit2(&stream_, values.level, Z_DEFLATED, -values.window_bits, values.memory_level,
                            Z_DEFAULT_STRATEGY) == Z_OK;
  }
  zlib_deflater(const zlib_deflater&) = delete;
  zlib_deflater& operator=(const zlib_deflater&) = delete;
  ~zlib_deflater() override {
    if (ready_) ::deflateEnd(&stream_);
  }

  [[nodiscard]] bool ready() const noexcept { return ready_; }
  [[nodiscard]] bool matches(const deflater_settings& values) const noexcept { return settings_ == values; }
  void reset() noexcept { ::deflateReset(&stream_); }

  void deflate(std::span<const std::byte> in, buffer& out) override {
    while (!in.empty()) {
      const uInt part = clamp(in.size());
      stream_.next_in = as_zlib_bytes(in.data());
      stream_.avail_in = part;
      in = in.subspan(part);
      run(in.empty() ? Z_SYNC_FLUSH : Z_NO_FLUSH, out);
    }
  }

 private:
  // Most messages take one step. The output size of a large message is not known in advance.
  static constexpr std::size_t max_output_step = 64 * 1024;

  void run(int flush, buffer& out) {
    const std::size_t bound = ::deflateBound(&stream_, stream_.avail_in) + 16;
    const uInt step = clamp(std::min(bound, max_output_step));
    do {
      stream_.next_out = as_zlib_bytes(out.prepare(step));
      stream_.avail_out = step;
      ::deflate(&stream_, flush);
      out.commit(step - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
  deflater_settings settings_;
  bool ready_;
};

class zlib_inflater final : public inflater {
 public:
  explicit zlib_inflater(int window_bits) : window_bits_(window_bits) {
    ready_ = ::inflateInit2(&stream_, -window_bits) == Z_OK;
  }
  zlib_inflater(const zlib_inflater&) = delete;
  zlib_inflater& operator=(const zlib_inflater&) = delete;
  ~zlib_inflater() override {
    if (ready_) ::inflateEnd(&stream_);
  }

  [[nodiscard]] bool ready() const noexcept { return ready_; }
  [[nodiscard]] bool matches(int window_bits) const noexcept { return window_bits_ == window_bits; }
  void reset() noexcept {
    ::inflateReset(&stream_);
    at_border_ = true;
  }

  status inflate(std::span<const std::byte>& in, std::span<std::byte>& room) override {
    for (;;) {
      const uInt given = clamp(in.size());
      const uInt wanted = clamp(room.size());
      stream_.next_in = as_zlib_bytes(in.data());
      stream_.avail_in = given;
      stream_.next_out = as_zlib_bytes(room.data());
      stream_.avail_out = wanted;
      const int outcome = ::inflate(&stream_, Z_SYNC_FLUSH);
      in = in.subspan(given - stream_.avail_in);
      room = room.subspan(wanted - stream_.avail_out);
      // The lower bits of data_type are the number of unused bits in the last byte. 128 means that a block has just ended.
      // It is not valid after a call that made no progress.
      if (given != stream_.avail_in || wanted != stream_.avail_out)
        at_border_ = (stream_.data_type & 128) != 0 && (stream_.data_type & 63) == 0;
      if (outcome == Z_MEM_ERROR) throw std::bad_alloc();
      if (outcome == Z_STREAM_END && !restart()) return status::corrupt;
      if (outcome != Z_OK && outcome != Z_BUF_ERROR && outcome != Z_STREAM_END) return status::corrupt;
      if (room.empty()) return status::full;
      if (in.empty()) return status::input_consumed;
    }
  }

  [[nodiscard]] bool at_byte_boundary() const noexcept override { return at_border_; }

 private:
  // After a final block another DEFLATE stream starts, which may refer back to earlier data. The window is kept in place:
  // copying it would let a peer that sends many tiny streams cause a thousand times its own cost.
  bool restart() noexcept {
    at_border_ = true;
    return ::inflateResetKeep(&stream_) == Z_OK;
  }

  z_stream stream_{};
  int window_bits_;
  bool ready_;
  bool at_border_ = true;
};

// A pool of unused deflaters and inflaters, one per thread. Connections without context takeover share them. With default
// options a deflater takes 256 KiB and an inflater 40 KiB.
struct engine_pool {
  static constexpr std::size_t max_pooled = 8;

  template <class T, class F>
  static std::unique_ptr<T> take(std::vector<std::unique_ptr<T>>& from, F fits) {
    const auto found = std::find_if(from.rbegin(), from.rend(), [&](const auto& one) { return fits(*one); });
    if (found == from.rend()) return nullptr;
    std::unique_ptr<T> reused = std::move(*found);
    from.erase(std::next(found).base());
    return reused;
  }

  // Drops the oldest one if the pool is full.
  template <class T>
  static void put(std::vector<std::unique_ptr<T>>& to, std::unique_ptr<T> one) {
    one->reset();
    if (to.size() == max_pooled) to.erase(to.begin());
    to.push_back(std::move(one));
  }

  ~engine_pool() { closed = true; }
  // Set when the pool of the thread is destroyed. Destructors of other thread-local objects may still recycle afterwards.
  static inline thread_local bool closed = false;

  std::vector<std::unique_ptr<zlib_deflater>> deflaters;
  std::vector<std::unique_ptr<zlib_inflater>> inflaters;
};

engine_pool& pool_of_this_thread() {
  static thread_local engine_pool instance;
  return instance;
}

// zlib does not support a window of 256 bytes for raw streams. A window of 512 works instead: deflate() then refers back at
// most 250 bytes, the window size minus MIN_LOOKAHEAD (zlib's deflate.h).
constexpr int min_zlib_window_bits = 9;

class zlib_deflate_engine final : public deflate_engine {
 public:
  constexpr zlib_deflate_engine(int level, int memory_level) noexcept : level_(level), memory_level_(memory_level) {}

  [[nodiscard]] std::unique_ptr<deflater> make_deflater(int window_bits) const override {
    const deflater_settings wanted{std::max(window_bits, min_zlib_window_bits), level_, memory_level_};
    if (!engine_pool::closed)
      if (auto found = engine_pool::take(pool_of_this_thread().deflaters,
                                         [&](const zlib_deflater& one) { return one.matches(wanted); }))
        return found;
    auto made = std::make_unique<zlib_deflater>(wanted);
    if (!made->ready()) return nullptr;
    return made;
  }

  [[nodiscard]] std::unique_ptr<inflater> make_inflater(int window_bits) const override {
    const int bits = std::max(window_bits, min_zlib_window_bits);
    if (!engine_pool::closed)
      if (auto found = engine_pool::take(pool_of_this_thread().inflaters,
                                         [&](const zlib_inflater& one) { return one.matches(bits); }))
        return found;
    auto made = std::make_unique<zlib_inflater>(bits);
    if (!made->ready()) return nullptr;
    return made;
  }

  void recycle(std::unique_ptr<deflater> used) const override {
    if (!engine_pool::closed)
      engine_pool::put(pool_of_this_thread().deflaters,
                       std::unique_ptr<zlib_deflater>(static_cast<zlib_deflater*>(used.release())));
  }
  void recycle(std::unique_ptr<inflater> used) const override {
    if (!engine_pool::closed)
      engine_pool::put(pool_of_this_thread().inflaters,
                       std::unique_ptr<zlib_inflater>(static_cast<zlib_inflater*>(used.release())));
  }

 private:
  int level_;
  int memory_level_;
};

constexpr int level_count = 9;

}  // namespace

const deflate_engine& zlib_engine(int level, int memory_level) {
  // Trivially destructible, because connections may outlive static objects.
  static constexpr auto engines = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array{zlib_deflate_engine(1 + I / level_count, 1 + I % level_count)...};
  }
  (std::make_integer_sequence<int, level_count * level_count>());
  return engines[static_cast<std::size_t>((level - 1) * level_count + memory_level - 1)];
}

}  // namespace twinsocket::detail
