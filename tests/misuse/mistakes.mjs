// Common mistakes, each with the message with which the compiler's output must start. `lines` is the maximum number of
// lines that g++ and clang may print. `by` names the only compiler that has this error.

const conversation = (body) => `twinsocket::task<void> talk(twinsocket::connection socket) {\n${body}\n}`;
const served = (handler) => `void serve(twinsocket::server& server) {\n  server.websocket("/", ${handler});\n}`;
const described = (members, names) => `
  struct street { std::string name; };
  struct person { std::string name; std::string nick; std::vector<std::string> emails; street home; };
  BOOST_DESCRIBE_STRUCT(person, (), (${members}))
  ${names ? `TWINSOCKET_NAMES(person, "Person", ${names})` : ''}
  bool check() { return twinsocket::json.encode(person()).has_value() && twinsocket::xml.encode(person()).has_value(); }`;
const notOnTheWire = 'this type cannot go on the wire: describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM';

export const mistakes = [
  { name: 'none', code: `${conversation('co_await socket.send(twinsocket::json, jan); co_await socket.send("a");')}\n${described('name, emails', '(name, "Name")')}` },

  // Tasks and connections.
  {
    name: 'co_await forgotten before receive',
    code: conversation('while (auto message = socket.receive()) co_await socket.send("a");'),
    error: 'co_await is missing',
  },
  {
    name: 'co_await forgotten before connect',
    code: 'twinsocket::task<void> talk() { auto socket = twinsocket::connect("ws://localhost/"); if (socket) co_return; }',
    error: 'co_await is missing',
  },
  {
    name: 'co_await forgotten before send',
    code: conversation('socket.send("a"); co_return;'),
    error: /nodiscard|unused-result/,
  },
  {
    name: 'a task that is not awaited',
    code: 'twinsocket::task<void> other();\ntwinsocket::task<void> talk() { other(); co_return; }',
    error: 'co_await is missing',
  },
  {
    name: 'a discarded result',
    code: 'twinsocket::result<int> number();\nvoid check() { number(); }',
    error: 'a discarded result may hide an error',
  },
  {
    name: 'a handler without a return type',
    code: served('[](twinsocket::connection socket) { co_await socket.send("a"); }'),
    error: /co_await.* cannot be used in a function with a deduced return type/,
  },
  {
    name: 'a handler that returns void',
    code: served('[](twinsocket::connection) {}'),
    error: 'a WebSocket handler returns twinsocket::task<void>',
  },
  {
    name: 'a handler that takes a reference',
    code: served('[](twinsocket::connection& socket) -> twinsocket::task<void> { co_await socket.send("a"); }'),
    error: 'a WebSocket handler takes a twinsocket::connection',
  },
  {
    name: 'a handler with a wrong parameter type',
    code: served('[](std::string) -> twinsocket::task<void> { co_return; }'),
    error: 'a WebSocket handler takes a twinsocket::connection',
  },
  {
    name: 'a request handler with a wrong return type',
    code: 'void serve(twinsocket::server& server) { server.get("/", [](const twinsocket::request&) { return 5; }); }',
    error: 'a request handler returns a twinsocket::response',
  },
  {
    name: 'a request handler without a parameter',
    code: 'void serve(twinsocket::server& server) { server.get("/", [] { return twinsocket::response(404); }); }',
    error: 'a request handler takes a const twinsocket::request&',
  },
  {
    name: 'a copied connection',
    code: 'void keep(twinsocket::connection socket);\nvoid check(twinsocket::connection& socket) { keep(socket); }',
    error: /(deleted function|implicitly-deleted copy constructor) .*connection/,
  },
  {
    name: 'co_await of a named task',
    code: 'twinsocket::task<int> number();\ntwinsocket::task<void> talk() { auto later = number(); co_await later; }',
    error: 'a task can be awaited only once',
  },
  {
    name: 'spawn of a task with a value',
    code: 'twinsocket::task<int> number();\nvoid check() { twinsocket::spawn(number()); }',
    error: 'spawn() takes a task<void>',
  },
  {
    name: 'the text of a temporary message',
    code: 'std::string_view check() { return twinsocket::message("a").text(); }',
    error: 'deleted',
  },
  {
    name: 'the text of a temporary received message',
    code: conversation('auto text = (co_await socket.receive())->text(); co_await socket.send(text);'),
    error: 'deleted',
  },
  {
    name: 'the path of a temporary request',
    code: 'twinsocket::request current();\nstd::string_view check() { return current().path(); }',
    error: 'deleted',
  },
  {
    name: 'a header of a temporary request',
    code: 'twinsocket::request current();\nauto check() { return current().header("Origin"); }',
    error: 'deleted',
  },
  {
    name: 'a reference into temporary options',
    code: 'void use(const twinsocket::limits&);\nvoid check() { const auto& kept = twinsocket::connect_options().limits(); use(kept); }',
    error: 'destroyed at the end of the full-expression',
    by: 'clang++ 14',
  },
  {
    name: 'an unknown option',
    code: 'auto options = twinsocket::connect_options().subprotocoll("a");',
    error: 'subprotocoll',
  },
  {
    name: 'options with designated initializers',
    code: 'twinsocket::connect_options options{.subprotocol = "a"};',
    error: /designated initializer|no matching constructor|could not convert/,
  },

  // Payloads and codecs.
  {
    name: 'a struct that is not described',
    code: `struct plain { int n; };\n${conversation('const plain value{1}; co_await socket.send(twinsocket::json, value);')}`,
    error: notOnTheWire,
  },
  {
    name: 'a struct that is not described, received',
    code: `struct plain { int n; };\n${conversation('auto value = co_await socket.receive<plain>(twinsocket::cbor);\n if (value) co_await socket.send(std::to_string(value->n));')}`,
    error: notOnTheWire,
  },
  {
    name: 'a struct that is not described, encoded',
    code: 'struct plain { int n; };\nauto check() { return twinsocket::json.encode(plain{1}).has_value(); }',
    error: notOnTheWire,
  },
  {
    name: 'a struct sent without a codec',
    code: conversation('co_await socket.send(jan);'),
    error: 'pass a codec before it',
  },
  {
    name: 'a codec of a wrong type',
    code: conversation('co_await socket.send(5, jan);'),
    error: 'this codec does not encode this type',
  },
  {
    name: 'a codec that does not decode',
    code: `struct half { twinsocket::result<twinsocket::message> encode(const point&) const; };
      ${conversation('co_await socket.send(half(), jan);')}`,
    error: 'this codec encodes this type and does not decode it',
  },
  {
    name: 'a codec with a wrong return type',
    code: `struct wrong { std::string encode(const point&) const; };\n${conversation('co_await socket.send(wrong(), jan);')}`,
    error: "this codec's encode() has to return twinsocket::result<twinsocket::message>",
  },
  {
    name: 'a pointer to a message sent',
    code: conversation('twinsocket::message m("a"); co_await socket.send(&m);'),
    error: 'send() takes a message, not a pointer to it',
  },
  {
    name: 'a pointer to a value sent',
    code: conversation('co_await socket.send(twinsocket::json, &jan);'),
    error: 'send() takes a value, not a pointer to it',
  },
  {
    name: 'a number as an XML document',
    code: 'auto check() { return twinsocket::xml.encode(5).has_value(); }',
    error: 'an XML document is a described struct or a std::variant of them',
  },
  {
    name: 'an aggregate made in a co_await expression',
    code: conversation('co_await socket.send(twinsocket::json, point{"a"});'),
    error: 'name the value first',
    by: 'g++ 12',
  },
  {
    name: 'a variant made of an aggregate in a co_await expression',
    code: conversation('co_await socket.send(twinsocket::json, std::variant<point, other>(point{"a"}));'),
    error: 'name the value first',
    by: 'g++ 12',
  },

  // Descriptions.
  { name: 'a member that is not described', code: described('name, home'), error: notOnTheWire },
  {
    name: 'a pointer as a member',
    code: `struct node { std::string name; node* next; };\nBOOST_DESCRIBE_STRUCT(node, (), (name, next))
      bool check() { return twinsocket::json.encode(node()).has_value(); }`,
    error: 'a pointer cannot go on the wire',
  },
  { name: 'a misspelt member', code: described('nmae'), error: 'nmae', lines: 75 },
  { name: 'a misspelt member in names', code: described('name', '(nmae, "Name")'), error: 'names a member that does not exist' },
  {
    name: 'a name for a member that is not described',
    code: described('name', '(emails, "Emails")'),
    error: 'TWINSOCKET_NAMES names a member that is not in the description',
  },
  { name: 'two members with the same name', code: described('name, emails', '(name, "emails")'), error: 'two members have the same name on the wire' },
  {
    name: 'an XML path through the element of another member',
    code: described('name, emails', '(emails, xml_name("name>email"))'),
    error: 'an XML path passes through the element of another member',
  },
  {
    name: 'a list as an attribute',
    code: described('name, emails', '(emails, attribute)'),
    error: 'only a single value can be an attribute or the content',
  },
  {
    name: 'as_string on a string',
    code: described('name', '(name, as_string)'),
    error: 'only numbers and bools can be written as_string',
  },
  {
    name: 'two content members',
    code: described('name, nick', '(name, content), (nick, content)'),
    error: 'only one member can be the content of an XML element',
  },
  { name: 'an empty name', code: described('name', '(name, "")'), error: 'TWINSOCKET_NAMES has an empty name' },
];
