#include "server/bound_listener.hpp"

#include <algorithm>
#include <utility>

#include "platform/socket_activation.hpp"
#include "transport/socket.hpp"

namespace twinsocket::detail {

namespace {

bool is_v4(const listener& one) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(one.name(), failure);
  return one.type() == listener::kind::tcp && ((!failure && address.is_v4()) || one.name() == "localhost");
}

// "::" includes all IPv4 addresses. An IPv4 address on the same port can be bound only if "::" is IPv6-only.
bool leaves_v4_out(const listener& one, const std::vector<listener>& all) {
  return std::any_of(all.begin(), all.end(),
                     [&](const listener& other) { return is_v4(other) && other.number() == one.number(); });
}

std::string address_of(const stream_acceptor& acceptor) {
  boost::system::error_code failure;
  const auto bound = acceptor.local_endpoint(failure);
  return failure ? std::string() : text_of(bound);
}

}  // namespace

result<bound_listener> bound_listener::open(boost::asio::io_context& context, const listener& what, bool only_v6,
                                            unsigned threads) {
  bound_listener made;
  if (what.type() == listener::kind::tcp) {
    const auto where = resolve_endpoint(context, what.name(), static_cast<std::uint16_t>(what.number()));
    if (!where) return where.error();
    made.endpoint_ = *where;
    made.only_v6_ = only_v6;
    made.share_ = threads == 1 ? port_sharing::exclusive : port_sharing::first;
  } else if (what.type() == listener::kind::unix_socket) {
    auto file = unix_socket_file::listen(what.name(), what.permissions());
    if (!file) return file.error();
    made.file_.emplace(*std::move(file));
  } else {
    made.descriptor_ = what.number();
  }
  return made;
}

result<stream_acceptor> bound_listener::open_next_acceptor(boost::asio::io_context& context) {
  auto opened = share_
                    ? open_acceptor(context, *endpoint_, *share_, only_v6_)
                    : adopt_acceptor(context, descriptor(),
                                     file_ ? "unix:" + file_->path() : "the descriptor " + std::to_string(descriptor_));
  if (!opened) return opened;
  boost::system::error_code failure;
  const auto bound = opened->local_endpoint(failure);
  if (!failure) endpoint_ = to_tcp_endpoint(bound);
  if (share_ == port_sharing::first) share_ = port_sharing::next;
  address_ = address_of(*opened);
  return opened;
}

result<std::vector<listener>> expand_systemd_listeners(const std::vector<listener>& listeners) {
  std::vector<listener> all;
  for (const listener& one : listeners) {
    if (one.type() != listener::kind::systemd) {
      all.push_back(one);
      continue;
    }
    const auto passed = passed_sockets();
    if (!passed) return passed.error();
    const std::size_t before = all.size();
    std::string names;
    for (const passed_socket& socket : *passed) {
      if (one.name().empty() || one.name() == socket.name) all.push_back(listener::descriptor(socket.descriptor));
      names += (names.empty() ? "\"" : ", \"") + socket.name + "\"";
    }
    if (all.size() == before)
      return error(errc::invalid_argument,
                   "no socket with the name \"" + one.name() + "\" was passed to this process, only " + names);
  }
  return all;
}

result<std::vector<bound_listener>> open_listeners(boost::asio::io_context& context,
                                                   const std::vector<listener>& listeners, unsigned threads) {
  const auto all = expand_systemd_listeners(listeners);
  if (!all) return all.error();
  std::vector<bound_listener> bound_listeners;
  bound_listeners.reserve(all->size());
  for (const listener& one : *all) {
    auto made = bound_listener::open(context, one, leaves_v4_out(one, *all), threads);
    if (!made) return made.error();
    bound_listeners.push_back(*std::move(made));
  }
  return bound_listeners;
}

}  // namespace twinsocket::detail
