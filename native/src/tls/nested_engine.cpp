#include "tls/nested_engine.hpp"

#include <array>
#include <utility>

namespace twinsocket::detail {

namespace {

class nested_engine final : public tls_engine {
 public:
  nested_engine(std::unique_ptr<tls_engine> outer, std::unique_ptr<tls_engine> inner)
      : outer_(std::move(outer)), inner_(std::move(inner)) {}

  progress handshake() override {
    for (;;) {
      const progress now = inner_->handshake();
      if (!forward_output()) return progress::failed;
      if (now != progress::needs_input) return now;
      if (const progress came = forward_input(); came != progress::done) return came;
    }
  }

  void feed(std::span<const std::byte> bytes) override { outer_->feed(bytes); }
  void retain_input() override { outer_->retain_input(); }
  bool pending() const noexcept override { return inner_->pending() || outer_->pending(); }

  progress read(std::span<std::byte> room, std::size_t& count) override {
    for (;;) {
      const progress now = inner_->read(room, count);
      if (!inner_->output().empty() && !forward_output()) return progress::failed;
      if (count != 0 || now != progress::needs_input) return now;
      if (const progress came = forward_input(); came != progress::done) return came;
    }
  }

  bool write(std::span<const std::byte> bytes) override { return inner_->write(bytes) && forward_output(); }

  void finish() override {
    inner_->finish();
    if (forward_output()) outer_->finish();
  }

  buffer& output() noexcept override { return outer_->output(); }
  const error& failure() const noexcept override {
    return inner_->failure() == errc::ok ? outer_->failure() : inner_->failure();
  }

 private:
  bool forward_output() {
    const bool went = outer_->write(inner_->output().bytes());
    inner_->output().reset();
    return went;
  }

  progress forward_input() {
    std::array<std::byte, 16 * 1024> room;
    std::size_t count = 0;
    const progress now = outer_->read(room, count);
    if (count == 0) return now;
    inner_->feed(std::span(room).first(count));
    inner_->retain_input();
    return progress::done;
  }

  std::unique_ptr<tls_engine> outer_;
  std::unique_ptr<tls_engine> inner_;
};

}  // namespace

std::unique_ptr<tls_engine> make_nested_engine(std::unique_ptr<tls_engine> outer, std::unique_ptr<tls_engine> inner) {
  return std::make_unique<nested_engine>(std::move(outer), std::move(inner));
}

}  // namespace twinsocket::detail
