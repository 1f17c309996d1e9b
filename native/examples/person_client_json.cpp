// Sends a struct as JSON, and prints how the server closes the connection.
// usage: person_client_json [--origin O] [--ca FILE] [--insecure] URL

#include "person_client.hpp"
#include "twinsocket/json.hpp"

int main(int count, char** arguments) {
  auto parsed = parse_client_arguments(count, arguments);
  if (!parsed) return 2;
  return twinsocket::native::run(send_person(*std::move(parsed), twinsocket::json));
}
