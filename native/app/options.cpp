#include "options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <sstream>
#include <string_view>

#include "byte_size.hpp"
#include "log_line.hpp"
#include "output.hpp"
#include "sensors/interval.hpp"
#include "text.hpp"
#include "twinsocket/version.hpp"

namespace twinsocket::app {

namespace {

// An option whose value is a number of a certain range.
template <class Number>
CLI::Option* add_number(CLI::App& to, const std::string& name, Number& value, Number least, Number most,
                        const std::string& meaning) {
  const auto convert = [&value, name, least, most](const std::string& text) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || rest != end || number < least || number > most)
      throw CLI::ValidationError(
          name, "\"" + text + "\" is not a number from " + std::to_string(least) + " to " + std::to_string(most));
    value = number;
  };
  return to.add_option_function<std::string>(name, convert, meaning)
      ->type_name("N")
      ->default_str(std::to_string(value));
}

CLI::Option* add_interval(CLI::App& to, const std::string& name, std::chrono::milliseconds& value,
                          const std::string& meaning) {
  const auto convert = [&value, name](const std::string& text) {
    const auto interval = parse_interval(text);
    if (!interval) throw CLI::ValidationError(name, interval.error().detail());
    value = *interval;
  };
  return to.add_option_function<std::string>(name, convert, meaning);
}

CLI::Option* add_size(CLI::App& to, const std::string& name, std::size_t& value, const std::string& meaning) {
  const auto convert = [&value, name](const std::string& text) {
    const auto size = parse_size(text);
    if (!size) throw CLI::ValidationError(name, size.error().detail());
    value = *size;
  };
  return to.add_option_function<std::string>(name, convert, meaning)->type_name("SIZE")->default_str(std::to_string(value));
}

CLI::Option* add_switch(CLI::App& to, const std::string& name, bool& value, const std::string& meaning) {
  const auto convert = [&value, name](const std::string& text) {
    if (text != "on" && text != "off") throw CLI::ValidationError(name, "\"" + text + "\" is neither on nor off");
    value = text == "on";
  };
  return to.add_option_function<std::string>(name, convert, meaning)->type_name("on|off")->default_str(value ? "on" : "off");
}

void add_log_level(CLI::App& to, log_level& value) {
  const auto convert = [&value](const std::string& text) {
    const auto level = parse_log_level(text);
    if (!level) throw CLI::ValidationError("--log", "\"" + text + "\" is neither error, warning, info nor debug");
    value = *level;
  };
  to.add_option_function<std::string>("--log", convert, "What is told on standard error, a line for each event")
      ->type_name("error|warning|info|debug")
      ->default_str("warning");
}

// An option that may come several times, each time with one value.
CLI::Option* add_list(CLI::App& to, const std::string& name, std::vector<std::string>& values,
                      const std::string& meaning) {
  return to.add_option(name, values, meaning)->allow_extra_args(false);
}

void add_mode(CLI::App& to, std::optional<unsigned>& value) {
  const auto convert = [&value](const std::string& text) {
    unsigned number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number, 8);
    if (failure != std::errc() || rest != end || number > 0777)
      throw CLI::ValidationError("--unix-mode", "\"" + text + "\" is not a mode in octal digits up to 0777, such as 0660");
    value = number;
  };
  to.add_option_function<std::string>("--unix-mode", convert,
                                      "The permissions of the files of --unix; clients need write permission")
      ->type_name("OCTAL")
      ->default_str("the umask's");
}

void add_descriptors(CLI::App& to, std::vector<int>& values) {
  const auto convert = [&values](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      int number = 0;
      const char* const end = text.data() + text.size();
      const auto [rest, failure] = std::from_chars(text.data(), end, number);
      if (failure != std::errc() || rest != end || number < 0)
        throw CLI::ValidationError("--fd", "\"" + text + "\" is not the number of a descriptor");
      values.push_back(number);
    }
  };
  to.add_option_function<std::vector<std::string>>("--fd", convert,
                                                   "Listens on a socket that was opened and listened on by whoever starts "
                                                   "this, by its descriptor; may come several times")
      ->type_name("N")
      ->allow_extra_args(false);
}

CLI::App* add_serve(CLI::App& program, serve_settings& settings) {
  CLI::App* const serve = program.add_subcommand(
      "serve", "Serves echo, typed messages and sensor readings over WebSocket, and a folder of files.");
  add_list(*serve, "--host", settings.hosts, "An address to listen on; may come several times")
      ->type_name("ADDRESS")
      ->default_str("127.0.0.1");
  add_number<std::uint16_t>(*serve, "--port", settings.port, 0, 65'535, "The port; 0 takes any that is free");
  add_list(*serve, "--unix", settings.unix_sockets,
           "Listens on a Unix-domain socket, made and removed here; may come several times. This, --fd and "
           "--socket-activation listen on no address besides unless --host names it")
      ->type_name("PATH");
  add_mode(*serve, settings.unix_mode);
  add_descriptors(*serve, settings.descriptors);
  serve->add_flag("--socket-activation", settings.socket_activation,
                  "Listens on the sockets that systemd passes (LISTEN_FDS), as a socket unit says");
  add_list(*serve, "--trusted-proxy", settings.trusted_proxies,
           "Believes the X-Forwarded-For and X-Forwarded-Proto of proxies in this network, such as 10.0.0.0/8, or unix: "
           "for those on Unix-domain sockets; may come several times")
      ->type_name("NETWORK");
  CLI::Option* const site =
      serve->add_option("--site", settings.site, "A folder of files to serve at /; by default the demo page, where there is one")
          ->type_name("DIR");
  serve->add_flag("--no-site", settings.no_site, "Serves no files")->excludes(site);
  add_number<unsigned>(*serve, "--threads", settings.threads, 0, 1'024, "How many threads; 0 is one for each core");
  serve
      ->add_option("--sensors", settings.sensors,
                   "Where readings come from: auto, hwmon, system, simulated, or command:CMD, what CMD prints")
      ->type_name("SOURCE")
      ->capture_default_str();
  add_interval(*serve, "--interval", settings.interval, "How often the sensors are read: 500ms, 2s, 1m")
      ->type_name("TIME")
      ->default_str("2s");
  add_list(*serve, "--origin", settings.origins,
           "Lets pages of another origin in, such as https://*.example.com; * is any; may come several times")
      ->type_name("PATTERN");
  add_size(*serve, "--max-message", settings.max_message,
           "The largest message that is received: bytes, or with a unit, such as 64MiB");
  CLI::Option* const certificate =
      serve->add_option("--tls-cert", settings.tls_certificate,
                        "Speaks TLS with the certificate in this PEM file, read again when it changes and on SIGHUP")
          ->type_name("FILE");
  CLI::Option* const key =
      serve->add_option("--tls-key", settings.tls_key, "The key of that certificate, a PEM file")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  add_list(*serve, "--tls-client-ca", settings.tls_client_authorities,
           "Asks every client for a certificate that an authority in this PEM file has signed; may come several times")
      ->type_name("FILE");
  serve
      ->add_flag("--tls-self-signed", settings.tls_self_signed,
                 "Speaks TLS with a certificate for localhost that is made now, for development")
      ->excludes(certificate);
  add_switch(*serve, "--compression", settings.compression, "Compresses messages for clients that offer it");
  add_log_level(*serve, settings.log);
  return serve;
}

CLI::App* add_connect(CLI::App& program, connect_settings& settings) {
  CLI::App* const connect = program.add_subcommand(
      "connect", "Sends the lines of standard input to a WebSocket server, and prints the messages that come.");
  connect->add_option("URL", settings.url, "Such as ws://127.0.0.1:8080/echo")->required()->type_name("");
  add_list(*connect, "--subprotocol", settings.subprotocols,
           "Offers a subprotocol, the preferred one first; may come several times")
      ->type_name("NAME");
  connect->add_option("--origin", settings.origin, "The Origin to say one comes from, such as https://example.com")
      ->type_name("ORIGIN");
  add_list(*connect, "--header", settings.headers, "Adds a header, such as 'X-Key: abc'; may come several times")
      ->type_name("HEADER");
  connect
      ->add_option("--proxy", settings.proxy,
                   "http://, https:// or socks5://[USER:PASSWORD@]HOST[:PORT]; by default as HTTPS_PROXY and the like say")
      ->type_name("URL");
  add_list(*connect, "--ca", settings.authorities,
           "Trusts the certificates in this PEM file instead of the system's; may come several times")
      ->type_name("FILE");
  CLI::Option* const certificate =
      connect->add_option("--cert", settings.certificate, "Shows the certificate in this PEM file to a server that asks")
          ->type_name("FILE");
  CLI::Option* const key =
      connect->add_option("--key", settings.key, "The key of that certificate, a PEM file")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  connect->add_flag("--insecure", settings.insecure, "Takes any certificate: whoever is on the way can read and change all");
  connect->add_flag("--json", settings.json, "Prints JSON with an indent");
  connect->add_flag("--xml", settings.xml, "Prints XML with an indent");
  connect->add_flag("--verbose", settings.verbose,
                    "Shows what is sent too, with direction, kind and time, as on a terminal");
  connect->add_flag("--reconnect", settings.reconnect,
                    "Tries again when it cannot connect or loses the connection, after waits that grow up to 30 s");
  connect->footer(
      "Each line is sent as one text message, and binary messages are shown as hexadecimal. After the last line of a\n"
      "pipe or a file it closes when for a second nothing has come. Ctrl-C closes with 1000 and waits for the server.\n"
      "Exits with 0 after a normal close, 1 where it could not connect, 2 for wrong usage, 3 where the\n"
      "connection closed with an error, and 4 where standard input or output could not be used.");
  return connect;
}

// What is wrong, with the words that are refused. CLI11 itself tells of unexpected ones back to front, and of an
// unknown command not at all.
std::string describe(const CLI::ParseError& wrong, const CLI::App& program, const CLI::App* command) {
  const auto rest = program.remaining(true);
  if (!rest.empty() && (!command || dynamic_cast<const CLI::ExtrasError*>(&wrong))) {
    const std::string quoted = "\"" + rest.front() + "\"";
    if (rest.front().starts_with('-')) return "there is no option " + quoted;
    return (command ? "there is too much: " : "there is no command ") + quoted;
  }
  if (!command) return "say what to do: serve or connect";
  const std::string text = wrong.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&wrong)) return text.substr(0, text.find(':')) + " wants one value";
  return text;
}

}  // namespace

exit_code complain(const std::string& what, exit_code code) {
  static_cast<void>(standard_error().write("twinsocket: " + printable(what) + "\n"));
  return code;
}

command parse_command_line(int count, const char* const* words) {
  serve_settings to_serve;
  connect_settings to_connect;
  CLI::App program("WebSockets for people: a server to try things with, and a client.", "twinsocket");
  program.set_version_flag("--version", "twinsocket " TWINSOCKET_VERSION);
  program.require_subcommand(1);
  program.get_formatter()->column_width(28);
  const CLI::App* const serve = add_serve(program, to_serve);
  const CLI::App* const connect = add_connect(program, to_connect);
  try {
    program.parse(count, words);
  } catch (const CLI::Success& asked) {
    std::ostringstream text;
    program.exit(asked, text, text);
    const auto written = standard_output().write(text.str());
    return written ? exit_code::fine : exit_code::stream_failed;
  } catch (const CLI::ParseError& wrong) {
    const CLI::App* const command = serve->parsed() ? serve : connect->parsed() ? connect : nullptr;
    const std::string help = (command ? command->get_name() + " " : "") + "--help";
    return complain(describe(wrong, program, command) + " (see twinsocket " + help + ")");
  }
  if (serve->parsed()) return to_serve;
  return to_connect;
}

}  // namespace twinsocket::app
