#pragma once

// Topics of values. Each subscriber chooses a codec, and a published value is encoded once per codec in use.
//
//   typed_topics news;
//   auto in = news.subscribe(socket, "weather", codec_of(socket.subprotocol()));
//   news.publish("weather", report{...});
//
// Threads and lifetimes are those of topics. Untyped messages reach only the subscribers without a codec, values only those
// with one.

#include "twinsocket/detail/cxx20.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "twinsocket/any_codec.hpp"
#include "twinsocket/native/topics.hpp"

namespace twinsocket {
inline namespace native {

/// Topics of values: each subscriber chooses a codec, and a value is encoded once for each codec in use. Threads and
/// lifetimes are those of topics.
class typed_topics : public topics {
 public:
  explicit typed_topics(const topic_options& options = {}) : topics(options), values_(options) {}

  using topics::publish;
  using topics::subscribe;

  /// Subscribes the connection to the values of a topic, encoded with this codec. The topic's history is kept per codec
  /// while that codec has subscribers.
  [[nodiscard]] subscription subscribe(connection& socket, const std::string& topic, const any_codec& codec,
                                       send_options delivery_options = {}) {
    return values_.subscribe(socket, topic_key(topic, codec), std::move(delivery_options));
  }

  /// Encodes a value once per codec with subscribers, and publishes it. Refused with the codec's error if the value cannot
  /// be encoded, or as topics::publish(). A failure for one codec does not affect the others.
  template <class T>
  requires detail::xml_root<T> send_result publish(std::string_view topic, const T& value,
                                                   const publish_options& options = {}) {
    send_result outcome(send_status::queued);
    for (const any_codec& codec : codecs()) {
      const std::string name = topic_key(topic, codec);
      if (values_.subscribers(name) == 0) continue;
      if (send_result sent = values_.publish(name, codec, value, options); !sent && outcome) outcome = std::move(sent);
    }
    return outcome;
  }

  /// Current number of subscriptions to a topic, with and without a codec.
  [[nodiscard]] std::size_t subscribers(std::string_view topic) const {
    std::size_t count = topics::subscribers(topic);
    for (const any_codec& codec : codecs()) count += values_.subscribers(topic_key(topic, codec));
    return count;
  }

 private:
  [[nodiscard]] static std::array<any_codec, 3> codecs() { return {any_codec(json), any_codec(xml), any_codec(cbor)}; }
  [[nodiscard]] static std::string topic_key(std::string_view topic, const any_codec& codec) {
    return std::string(codec.name()) + ':' + std::string(topic);
  }

  topics values_;
};

}  // namespace native
}  // namespace twinsocket
