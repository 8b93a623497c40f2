#include "cli/keyservice_place.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

void warn_or_refuse(const Environment& environment, const std::string& what, const std::string& hint) {
  if (environment.strict) throw Error(ExitCode::strict_refusal, what + ", and strict is on", {hint});
  environment.warn_once(what + "; " + hint);
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void check_directory(const Environment& environment, const std::string& path) {
  struct stat status = {};
  if (::stat(directory_of(path).c_str(), &status) != 0) return;  // listening fails and says why
  const bool others_write = (status.st_mode & 022) != 0 || (status.st_uid != ::geteuid() && status.st_uid != 0);
  const bool others_enter = (status.st_mode & 077) != 0;
  if (!others_write && !(environment.strict && others_enter)) return;
  warn_or_refuse(environment,
                 "the directory of " + quoted(path) + " is open to others" +
                     (others_write ? ", who may put a socket of theirs there when this service has ended" : ""),
                 "choose one of mode 0700, like $XDG_RUNTIME_DIR");
}

}  // namespace

void check_service_place(const Environment& environment, const Endpoint& endpoint, bool remote_allowed) {
  if (endpoint.is_unix()) return check_directory(environment, endpoint.address);
  std::string problem;
  if (!endpoint.network.starts_with("tcp") || !split_host_port(endpoint.address, problem)) return;  // listening fails and says why
  if (!is_local(endpoint) && !remote_allowed) {
    throw Error(ExitCode::generic,
                quoted(endpoint.address) + " is open to other machines, and everybody there could use your keys",
                {"listen at 127.0.0.1 and let ssh forward the port, or say --allow-remote"});
  }
  warn_or_refuse(environment, "whoever can connect to " + quoted(endpoint.text()) + " can use your keys",
                 "a socket is yours alone: --network unix --address PATH");
}

bool is_own_peer(const Environment& environment, int socket) {
  const auto user = peer_user(socket);
  if (!user || *user == ::geteuid() || *user == 0) return true;
  environment.warn_once("a process of user " + std::to_string(*user) + " wanted to use your keys and was turned away");
  return false;
}

}  // namespace leafseal::cli
