// The C++ fragments of the README files, found by their first line, and what surrounds each in a program that compiles.
// `before` is declarations at namespace scope, `parameters` those of the coroutine that contains the fragment's statements.
// A fragment without `parameters` is declarations itself. `split`: the first blank line separates declarations from
// statements.

export const snippets = [
  {
    first: 'task<reading> read_sensor(sensor& device) {',
    before: 'struct reading { double value = 0; };\nstruct sensor { void start(std::function<void(reading)> completed); };',
  },
  {
    first: 'twinsocket::reconnecting_connection socket(url, twinsocket::reconnect_options().on_connected(subscribe));',
    before: 'task<result<void>> subscribe(connection& socket);\nvoid show(const message& shown);',
    parameters: 'std::string url',
  },
  {
    first: 'twinsocket::channel_client client("wss://example.org/channels");',
    before: 'void show(std::string_view text);\nvoid reload();',
    parameters: '',
  },
  {
    first: 'twinsocket::channels all(twinsocket::memory_broker(),',
    before: 'task<std::string> user_of(std::string token);',
    parameters: 'twinsocket::server& server',
  },
  { first: 'struct person {', before: 'extern const struct person jan;', parameters: 'connection socket', split: true },
  {
    first: 'const person jan{"Jan", {"jan@example.com"}};',
    before: 'struct person { std::string name; std::vector<std::string> emails; };\nBOOST_DESCRIBE_STRUCT(person, (), (name, emails))',
    parameters: 'connection socket',
  },
  {
    first:
      'auto socket = co_await connect(url, client_options().header("X-Key", key).origin("https://example.com"));',
    parameters: 'std::string url, std::string key',
  },
  {
    first: 'options.dialer([](std::string url, twinsocket::connect_options common) {',
    parameters: 'reconnect_options options',
  },
  {
    first: 'client_options().tls(tls_options().ca_file("our-ca.pem"));                          // a private authority',
    parameters: '',
  },
  { first: 'server_options options;\noptions.certificate', parameters: '' },
  {
    first: 'options.client_certificates = client_certificates::required()',
    parameters: 'server& server, server_options options',
  },
  {
    first: 'server.for_each_connection([](connection& socket, const request& req) {',
    before: 'struct user { std::string name; };',
    parameters: 'server& server',
  },
  { first: 'server_options options;\noptions.listeners', parameters: '' },
  {
    first: 'server.use([](const request& req) -> admission {',
    before: 'const std::string key;\nstd::string newest();\nvoid store(std::string_view piece);',
    parameters: 'server& server',
  },
  { first: 'options.trusted_proxies = ', parameters: 'server_options options' },
  {
    first: 'server.websocket("/account",',
    before:
      'struct user { std::string session; };\nstruct store { task<bool> knows(std::string_view session); } sessions;\ntask<void> account(connection socket, const request& req);',
    parameters: 'server& server',
  },
  { first: 'task<void> at_most_20_per_second(connection socket) {' },
];
