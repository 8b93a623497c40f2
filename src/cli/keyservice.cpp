// keyservice: a server that wraps and unwraps data keys for others with the keys of this user (spec: cli.md 3.13,
// recipients.md 10).
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "base/ending_signals.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/key_log.hpp"
#include "cli/key_prompt.hpp"
#include "cli/keyservice_place.hpp"
#include "cli/log_line.hpp"
#include "net/grpc_server.hpp"

namespace leafseal::cli {
namespace {

void log(const Environment& environment, const std::string& text) {
  if (environment.verbose) environment.err(info_log_line("KEYSERVICE", text, {}, environment.clock()));
}

std::string signal_name(int signal) {
  if (signal == SIGINT) return "interrupt";
  return signal == SIGHUP ? "hangup" : "terminated";
}

// The socket of this service, gone with the object; a file that took its place stays.
class SocketFile {
 public:
  explicit SocketFile(const Endpoint& endpoint) : path_(endpoint.is_unix() ? endpoint.address : "") {
    if (!path_.empty() && ::lstat(path_.c_str(), &made_) != 0) path_.clear();
  }
  ~SocketFile() {
    struct stat now = {};
    if (path_.empty() || ::lstat(path_.c_str(), &now) != 0) return;
    if (now.st_dev == made_.st_dev && now.st_ino == made_.st_ino) ::unlink(path_.c_str());
  }
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  std::string path_;
  struct stat made_ = {};
};

Endpoint asked_endpoint(const Options& options) {
  const auto either = [&](const char* name, const char* other, const char* otherwise) {
    if (auto text = options.text(name)) return *text;
    return options.text(other).value_or(otherwise);
  };
  return {either("network", "net", "tcp"), either("address", "addr", "127.0.0.1:5000")};
}

Descriptor listen(Endpoint& endpoint) {
  try {
    return listen_at(endpoint);
  } catch (Error& error) {
    const std::string_view text = error.what();
    if (text.find("address already in use") != std::string_view::npos) {
      error.hint("something else is there: name another place with --address");
    } else if (text.find("unknown network") != std::string_view::npos) {
      error.hint("the networks are tcp, tcp4, tcp6 and unix");
    }
    throw;
  }
}

KeyServiceWatch watch_for(const Environment& environment, KeyPrompt* prompt, const GrpcCall& call) {
  KeyServiceWatch watch;
  watch.approve = [&call, prompt](const RecipientEntry& entry, KeyUse use) -> std::optional<GrpcStatus> {
    if (prompt == nullptr) return std::nullopt;
    return prompt->ask(entry, use, *call.cancelled);
  };
  watch.used = [&environment](const RecipientEntry& entry, KeyUse use, bool succeeded) {
    if (environment.verbose) environment.err(key_log_line(entry, use, succeeded, environment.clock()));
  };
  return watch;
}

int run_keyservice(Environment& environment, const CommandLine& line) {
  Endpoint endpoint = asked_endpoint(line.options);
  check_service_place(environment, endpoint, line.options.on("allow-remote"));
  const EndingSignals signals;
  Descriptor listener = listen(endpoint);
  std::optional<SocketFile> file(std::in_place, endpoint);
  log(environment, "Listening on " + quoted(endpoint.text(), 4096));

  KeyPrompt prompt(environment);
  KeyPrompt* const asked = line.options.on("prompt") ? &prompt : nullptr;
  const GrpcHandler handler = [&](const GrpcCall& call) {
    return serve_key({call.path, call.message}, environment, watch_for(environment, asked, call));
  };
  GrpcServer server(std::move(listener), handler, GrpcLimits(),
                    [&](int socket) { return is_own_peer(environment, socket); });
  server.run(signals.descriptor());
  log(environment, "Caught signal " + signal_name(signals.arrived()) + ": shutting down.");
  file.reset();
  if (server.at_work()) std::_Exit(0);  // threads may wait for a terminal, a card, a server: nobody waits for them
  return 0;
}

constexpr auto service_flags = std::to_array<Flag>({
    {"network", '\0', FlagKind::text, "", "NETWORK", "tcp (default), tcp4, tcp6 or unix"},
    {"net", '\0', FlagKind::text, "", "NETWORK", "the same as --network"},
    {"address", '\0', FlagKind::text, "", "ADDRESS", "host:port or the path of a socket (127.0.0.1:5000)"},
    {"addr", '\0', FlagKind::text, "", "ADDRESS", "the same as --address"},
    {"prompt", '\0', FlagKind::toggle, "", "", "ask on the terminal before each use of a key"},
    {"allow-remote", '\0', FlagKind::toggle, "", "", "listen where other machines can connect"},
});
constexpr auto flags = joined(service_flags, own_flags);

}  // namespace

constinit const Command keyservice_command = {
    "keyservice",
    "",
    "use this user's keys for other processes and machines",
    "Serve another session, container or machine, and be asked before each use of a key:\n"
    "    leafseal keyservice --network unix --address $XDG_RUNTIME_DIR/keys.sock --prompt\n"
    "Use its keys from there:\n"
    "    leafseal decrypt --keyservice unix://$XDG_RUNTIME_DIR/keys.sock secrets.yaml\n",
    flags,
    run_keyservice,
    {},
    true,
};

}  // namespace leafseal::cli
