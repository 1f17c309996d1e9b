#include "client/resolver.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "loop_event.hpp"
#include "platform/host_lookup.hpp"
#include "transport/event_loop.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;
using endpoints = std::vector<asio::ip::tcp::endpoint>;

/// One lookup. Shared by the thread that looks the name up and the coroutine that awaits the result.
class address_lookup final : public std::enable_shared_from_this<address_lookup> {
 public:
  address_lookup(event_loop& own_loop, std::string host, std::uint16_t port)
      : own_loop_(own_loop.handle()), host_(std::move(host)), port_(port) {}

  [[nodiscard]] bool start() {
    try {
      std::thread([self = shared_from_this()] { self->run(); }).detach();
    } catch (const std::system_error&) {
      return false;
    }
    return true;
  }

  [[nodiscard]] loop_event& done() noexcept { return done_; }
  [[nodiscard]] const endpoints& found() const noexcept { return found_; }
  [[nodiscard]] boost::system::error_code failure() const noexcept { return failure_; }

 private:
  void run() {
    own_loop_->post([self = shared_from_this(), lookup = look_up_host(host_, port_)] {
      self->found_ = lookup.found;
      self->failure_ = lookup.failure;
      self->done_.set();
    });
  }

  const std::shared_ptr<loop_handle> own_loop_;
  const std::string host_;
  const std::uint16_t port_;
  endpoints found_;
  boost::system::error_code failure_;
  loop_event done_;
};

}  // namespace

bool is_localhost(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");
}

task<result<endpoints>> resolve(std::string host, std::uint16_t port, connect_cancellation& cancellation) {
  boost::system::error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  if (!no_address) {
    const std::size_t zone = host.find('%');
    if (zone != std::string::npos && address.to_v6().scope_id() == 0)
      co_return error(errc::resolve_failed, host + ": there is no network interface \"" + host.substr(zone + 1) + "\"");
    co_return endpoints{{address, port}};
  }
  if (is_localhost(host))
    co_return endpoints{{asio::ip::address_v4::loopback(), port}, {asio::ip::address_v6::loopback(), port}};

  event_loop& loop = event_loop::current();
  const auto work = asio::make_work_guard(loop.context());
  const auto pending = std::make_shared<address_lookup>(loop, host, port);
  if (!cancellation.requested() && !pending->start())
    co_return error(errc::resolve_failed, host + ": a thread for the lookup could not be created");
  co_await cancellation.wait(pending->done());
  const std::string doing = "looking up " + host;
  if (cancellation.requested()) co_return cancellation.error_or(doing, {});
  if (pending->found().empty()) {
    const auto why = pending->failure() ? pending->failure() : boost::system::error_code(asio::error::host_not_found);
    co_return error(errc::resolve_failed, host, why);
  }
  co_return interleave(pending->found());
}

endpoints interleave(const endpoints& addresses) {
  endpoints one_family;
  endpoints other_family;
  for (const auto& address : addresses)
    (address.protocol() == addresses.front().protocol() ? one_family : other_family).push_back(address);
  endpoints alternating;
  for (std::size_t i = 0; i < std::max(one_family.size(), other_family.size()); ++i) {
    if (i < one_family.size()) alternating.push_back(one_family[i]);
    if (i < other_family.size()) alternating.push_back(other_family[i]);
  }
  return alternating;
}

}  // namespace twinsocket::detail
