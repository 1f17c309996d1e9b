// Sends a struct as JSON, and prints how the server closes the connection.
// usage: person_client_json [--origin O] [--ca FILE] [--insecure] URL

#include "person_client.hpp"
#include "twinsocket/json.hpp"

int main(int count, char** words) {
  auto said = read_client_words(count, words);
  if (!said) return 2;
  return twinsocket::native::run(introduce(*std::move(said), twinsocket::json));
}
