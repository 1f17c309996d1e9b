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

// An option with a number as value, checked against a range.
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
  return to.add_option_function<std::string>(name, convert, meaning)
      ->type_name("SIZE")
      ->default_str(std::to_string(value));
}

CLI::Option* add_switch(CLI::App& to, const std::string& name, bool& value, const std::string& meaning) {
  const auto convert = [&value, name](const std::string& text) {
    if (text != "on" && text != "off") throw CLI::ValidationError(name, "\"" + text + "\" is neither on nor off");
    value = text == "on";
  };
  return to.add_option_function<std::string>(name, convert, meaning)
      ->type_name("on|off")
      ->default_str(value ? "on" : "off");
}

void add_log_level(CLI::App& to, log_level& value) {
  const auto convert = [&value](const std::string& text) {
    const auto level = parse_log_level(text);
    if (!level) throw CLI::ValidationError("--log", "\"" + text + "\" is neither error, warning, info nor debug");
    value = *level;
  };
  to.add_option_function<std::string>("--log", convert,
                                      "Logs events of this level and above to standard error, one per line")
      ->type_name("error|warning|info|debug")
      ->default_str("warning");
}

// An option that may be repeated, with one value each time.
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
      throw CLI::ValidationError("--unix-mode",
                                 "\"" + text + "\" is not a mode in octal digits up to 0777, such as 0660");
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
  to.add_option_function<std::vector<std::string>>(
        "--fd", convert,
        "Listens on an inherited socket that is listening already, by its file "
        "descriptor; may be repeated")
      ->type_name("N")
      ->allow_extra_args(false);
}

CLI::App* add_serve(CLI::App& program, serve_settings& settings) {
  CLI::App* const serve = program.add_subcommand(
      "serve", "Serves echo, typed messages and sensor readings over WebSocket, and a folder of files.");
  add_list(*serve, "--host", settings.hosts, "An address to listen on; may be repeated")
      ->type_name("ADDRESS")
      ->default_str("127.0.0.1");
  add_number<std::uint16_t>(*serve, "--port", settings.port, 0, 65'535, "The port; 0 picks a free one");
  add_list(*serve, "--unix", settings.unix_sockets,
           "Listens on a Unix-domain socket, which is created and removed by the program; may be repeated. With this, "
           "--fd or --socket-activation there is no TCP port unless --host is given too")
      ->type_name("PATH");
  add_mode(*serve, settings.unix_mode);
  add_descriptors(*serve, settings.descriptors);
  serve->add_flag("--socket-activation", settings.socket_activation,
                  "Listens on the sockets that a systemd socket unit passes (LISTEN_FDS)");
  add_list(*serve, "--trusted-proxy", settings.trusted_proxies,
           "Trusts X-Forwarded-For and X-Forwarded-Proto from proxies in this network, such as 10.0.0.0/8, or unix: "
           "for proxies on Unix-domain sockets; may be repeated")
      ->type_name("NETWORK");
  CLI::Option* const site = serve
                                ->add_option("--site", settings.site,
                                             "A folder of files to serve at /. Default: the demo page, if there is one")
                                ->type_name("DIR");
  serve->add_flag("--no-site", settings.no_site, "Serves no files")->excludes(site);
  add_number<unsigned>(*serve, "--threads", settings.threads, 0, 1'024, "Number of threads; 0 means one per core");
  serve
      ->add_option("--sensors", settings.sensors,
                   "Source of the readings: auto, hwmon, system, simulated, or command:CMD for the output of CMD")
      ->type_name("SOURCE")
      ->capture_default_str();
  add_interval(*serve, "--interval", settings.interval, "How often the sensors are read: 500ms, 2s, 1m")
      ->type_name("TIME")
      ->default_str("2s");
  serve
      ->add_option(
          "--broker", settings.broker,
          "Where chat rooms are kept: memory, or redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] (rediss:// for "
          "TLS), whose servers share them. A password is better passed in the environment")
      ->envname("TWINSOCKET_BROKER")
      ->type_name("BROKER")
      ->capture_default_str();
  serve->add_flag(
      "--broker-keeps-data", settings.broker_keeps_data,
      "That Redis writes everything before it answers (appendonly yes, appendfsync always): rooms go on when "
      "it is started again. Must be the same on all servers");
  add_interval(*serve, "--broker-timeout", settings.broker_timeout,
               "How long that Redis may take to answer before its connection counts as lost: 500ms, 5s")
      ->type_name("TIME")
      ->default_str("5s");
  add_number<std::size_t>(*serve, "--chat-history", settings.chat_history, 1, 100'000,
                          "Number of messages that each room of /channels keeps");
  add_number<unsigned>(
      *serve, "--reconnect-spread", settings.reconnect_spread, 0, 3'600,
      "When the server stops, tells each client to reconnect after its own random number of seconds up "
      "to this. 0 tells none");
  add_list(*serve, "--origin", settings.origins,
           "Accepts pages of another origin, such as https://*.example.com; * accepts any; may be repeated")
      ->type_name("PATTERN");
  add_size(*serve, "--max-message", settings.max_message_size,
           "Largest message that is accepted, in bytes or with a unit, such as 64MiB");
  CLI::Option* const certificate =
      serve
          ->add_option("--tls-cert", settings.tls_certificate,
                       "Enables TLS with the certificate in this PEM file, reloaded when it changes and on SIGHUP")
          ->type_name("FILE");
  CLI::Option* const key =
      serve->add_option("--tls-key", settings.tls_key, "The private key of that certificate, a PEM file")
          ->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  add_list(*serve, "--tls-client-ca", settings.tls_client_authorities,
           "Requires client certificates signed by an authority in this PEM file; may be repeated")
      ->type_name("FILE");
  serve
      ->add_flag("--tls-self-signed", settings.tls_self_signed,
                 "Enables TLS with a new self-signed certificate for localhost, for development")
      ->excludes(certificate);
  add_switch(*serve, "--compression", settings.compression, "Compresses messages for clients that offer it");
  add_log_level(*serve, settings.log);
  return serve;
}

CLI::App* add_connect(CLI::App& program, connect_settings& settings) {
  CLI::App* const connect = program.add_subcommand(
      "connect", "Sends the lines of standard input to a WebSocket server, and prints the messages it receives.");
  connect->add_option("URL", settings.url, "Such as ws://127.0.0.1:8080/echo")->required()->type_name("");
  add_list(*connect, "--subprotocol", settings.subprotocols,
           "Offers a subprotocol, the preferred one first; may be repeated")
      ->type_name("NAME");
  connect->add_option("--origin", settings.origin, "Sends this Origin header, such as https://example.com")
      ->type_name("ORIGIN");
  add_list(*connect, "--header", settings.headers, "Adds a header, such as 'X-Key: abc'; may be repeated")
      ->type_name("HEADER");
  connect
      ->add_option("--proxy", settings.proxy,
                   "http://, https:// or socks5://[USER:PASSWORD@]HOST[:PORT]. Default: from HTTPS_PROXY and the like")
      ->type_name("URL");
  add_list(*connect, "--ca", settings.authorities,
           "Trusts the certificates in this PEM file instead of the system's; may be repeated")
      ->type_name("FILE");
  CLI::Option* const certificate =
      connect->add_option("--cert", settings.certificate, "Client certificate for servers that request one, a PEM file")
          ->type_name("FILE");
  CLI::Option* const key =
      connect->add_option("--key", settings.key, "The private key of that certificate, a PEM file")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  connect->add_flag("--insecure", settings.insecure,
                    "Accepts any certificate: an attacker on the network can read and change everything");
  connect->add_flag("--json", settings.json, "Prints JSON indented");
  connect->add_flag("--xml", settings.xml, "Prints XML indented");
  connect->add_flag("--verbose", settings.verbose,
                    "Shows sent messages too, with direction, kind and time, as on a terminal");
  connect->add_flag("--reconnect", settings.reconnect,
                    "Reconnects when connecting fails or the connection is lost, with delays that grow up to 30 s");
  connect->footer(
      "Each line is sent as one text message. Binary messages are shown in hexadecimal. At the end of a pipe or file "
      "it\n"
      "closes once no message has arrived for one second. Ctrl-C closes with 1000 and waits for the server.\n"
      "Exit codes: 0 normal close, 1 could not connect, 2 wrong usage, 3 closed with an error, 4 standard input or\n"
      "output failed.");
  return connect;
}

// The error text, with the first offending argument. CLI11's own text lists unexpected arguments in reverse order, and
// does not report unknown commands.
std::string describe(const CLI::ParseError& wrong, const CLI::App& program, const CLI::App* command) {
  const auto rest = program.remaining(true);
  if (!rest.empty() && (!command || dynamic_cast<const CLI::ExtrasError*>(&wrong))) {
    const std::string quoted = "\"" + rest.front() + "\"";
    if (rest.front().starts_with('-')) return "unknown option " + quoted;
    return (command ? "unexpected argument " : "unknown command ") + quoted;
  }
  if (!command) return "a command is required: serve or connect";
  const std::string text = wrong.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&wrong)) return text.substr(0, text.find(':')) + " takes one value";
  return text;
}

}  // namespace

exit_code print_error(const std::string& what, exit_code code) {
  static_cast<void>(standard_error().write("twinsocket: " + escape_control(what) + "\n"));
  return code;
}

command parse_command_line(const std::vector<std::string>& words) {
  serve_settings to_serve;
  connect_settings to_connect;
  CLI::App program("A WebSocket server to experiment with, and a WebSocket client.", "twinsocket");
  program.set_version_flag("--version", "twinsocket " TWINSOCKET_VERSION);
  program.require_subcommand(1);
  program.get_formatter()->column_width(28);
  const CLI::App* const serve = add_serve(program, to_serve);
  const CLI::App* const connect = add_connect(program, to_connect);
  try {
    // In reverse, and without the name of the program.
    program.parse(std::vector<std::string>(words.rbegin(), words.empty() ? words.rend() : std::prev(words.rend())));
  } catch (const CLI::Success& asked) {
    std::ostringstream text;
    program.exit(asked, text, text);
    const auto written = standard_output().write(text.str());
    return written ? exit_code::success : exit_code::stream_failed;
  } catch (const CLI::ParseError& wrong) {
    const CLI::App* const command = serve->parsed() ? serve : connect->parsed() ? connect : nullptr;
    const std::string help = (command ? command->get_name() + " " : "") + "--help";
    return print_error(describe(wrong, program, command) + " (see twinsocket " + help + ")");
  }
  if (serve->parsed()) return to_serve;
  return to_connect;
}

}  // namespace twinsocket::app
