#include <algorithm>

#include "topics/topic_hub.hpp"

namespace twinsocket::detail {

namespace {

// Messages are joined into one block up to about this many bytes.
constexpr std::size_t block_size = 256 * 1024;

// The number of messages at the front that have the same subscribers and fit into one block.
std::size_t run_length(std::span<const publication> batch) {
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < batch.size() && batch[count].to == batch.front().to && (count == 0 || bytes < block_size))
    bytes += batch[count++].frames->server_frame().size();
  return count;
}

std::span<const std::byte> frame_of(const prepared_frames& frames, const frame_encoding& form) {
  if (!form.engine || frames.payload().size() < form.threshold) return frames.server_frame();
  const compressed_frame& compressed = frames.compressed(*form.engine, form.window_bits);
  return compressed.frame.empty() ? frames.server_frame() : compressed.frame.bytes();
}

}  // namespace

// The first message in the inbox schedules the delivery of the whole inbox. The event loop exists as long as it has
// subscribers.
void topic_shard::enqueue(publication one) {
  inbox_bytes += one.frames->payload().size() + sizeof one;
  inbox.push_back(std::move(one));
  if (inbox.size() > 1) return;
  if (loop::current() && belongs_to(*loop::current())) {
    loop::current()->schedule_flush_first(*this);
  } else {
    own_loop_->post([self = shared_from_this()] { self->flush(); });
  }
}

void topic_shard::flush() {
  const auto self = shared_from_this();
  if (const auto hub = hub_.lock()) {
    const std::scoped_lock lock(hub->mutex_);
    batch_.swap(inbox);
    inbox_bytes = 0;
  }
  std::span<const publication> rest = batch_;
  while (!rest.empty()) {
    const std::size_t count = run_length(rest);
    deliver(rest.first(count), count == batch_.size());
    rest = rest.subspan(count);
  }
  batch_.clear();
}

void topic_shard::deliver(std::span<const publication> run, bool at_once) {
  const bool for_all = std::all_of(run.begin(), run.end(), [](const publication& one) { return !one.exclude; });
  const auto receives_all = [&](const subscriber& one) {
    const auto is_excluded = [&one](const publication& message) { return message.exclude == one.connection_.get(); };
    return one.joined_at_ < run.front().number && (for_all || std::none_of(run.begin(), run.end(), is_excluded));
  };
  for (subscriber* const one : run.front().to->members) {
    if (one->encoding_ && receives_all(*one) &&
        one->connection_->send_frames(block_for(run, *one->encoding_), one->delivery_options().queue_limit(), at_once))
      continue;
    for (const publication& message : run)
      if (message.number > one->joined_at_ && message.exclude != one->connection_.get()) one->send(message);
  }
  blocks_.clear();
}

const frame_block& topic_shard::block_for(std::span<const publication> run, const frame_encoding& form) {
  for (const encoded_block& made : blocks_)
    if (made.form == form) return made.block;
  encoded_block& made = blocks_.emplace_back(encoded_block{.form = form, .own = {}, .block = {}});
  made.block.messages = run.size();
  for (const publication& one : run) {
    made.block.payload += one.frames->payload().size();
    if (run.size() > 1) made.own.append(frame_of(*one.frames, form));
  }
  made.block.frames = run.size() > 1 ? made.own.bytes() : frame_of(*run.front().frames, form);
  return made.block;
}

}  // namespace twinsocket::detail
