#include "recipients/age_gpg_agent.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "leafseal/error.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t line_limit = 4096;

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kept.find(c) != std::string_view::npos)
      out.push_back(c);
    else if (c == ' ')
      out.push_back('+');
    else
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

SecretBytes from_hex(std::string_view text) {
  SecretBytes out(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0 || text.size() % 2 != 0) throw failure("the agent's answer is not in hex");
    out.data()[i / 2] = static_cast<std::uint8_t>(out.data()[i / 2] << 4 | digit);
  }
  return out;
}

bool is_socket(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

std::string socket_path(const Environment& environment) {
  const auto info = environment.variables.find("GPG_AGENT_INFO");
  if (info != environment.variables.end()) return info->second.substr(0, info->second.find(':'));
  const std::string in_home = environment.home() + "/.gnupg/S.gpg-agent";
  const auto runtime = environment.variables.find("XDG_RUNTIME_DIR");
  if (is_socket(in_home) || runtime == environment.variables.end()) return in_home;
  return runtime->second + "/gnupg/S.gpg-agent";
}

std::string terminal_of_stdin() {
  std::array<char, 256> target;
  const ssize_t size = readlink("/proc/self/fd/0", target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

GpgAgent::GpgAgent(const Environment& environment) : environment_(environment) {
  const std::string path = socket_path(environment);
  if (path.starts_with('/')) connect(path);
}

void GpgAgent::connect(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path.data(), path.size());
  socket_ = Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  try {
    if (socket_.open() &&
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        receive().view().starts_with("OK"))
      return;
  } catch (const Error&) {  // not an agent: as if there were none
  }
  socket_ = Descriptor();
}

void GpgAgent::send(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t sent = ::send(socket_.get(), text.data() + at, text.size() - at, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) throw failure(std::string("gpg-agent: ") + reason(errno));
    if (sent > 0) at += static_cast<std::size_t>(sent);
  }
}

SecretBytes GpgAgent::receive() {
  SecretBytes line(line_limit);
  for (std::size_t size = 0; size < line_limit;) {
    const ssize_t got = recv(socket_.get(), line.data() + size, 1, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw failure("gpg-agent closed the connection");
    if (line.data()[size] == '\n') {
      line.shrink(size);
      return line;
    }
    size += 1;
  }
  throw failure("gpg-agent sent a line that is too long");
}

void GpgAgent::set_option(const std::string& name, const std::string& value) {
  if (value.empty() || value.find('\n') != std::string::npos) return;
  send("OPTION " + name + "=" + value);
  const SecretBytes answer = receive();
  if (!answer.view().starts_with("OK"))
    throw failure("gpgagent: response to OPTION was " + quoted(answer.view()));
}

SecretBytes GpgAgent::passphrase(const std::string& cache_id, const std::string& description) {
  try {
    set_option("display", environment_.variable("DISPLAY").value_or(""));
    set_option("ttyname", terminal_of_stdin());
    set_option("ttytype", environment_.variable("TERM").value_or(""));
    send("GET_PASSPHRASE " + percent_encoded(cache_id) + " X Passphrase " + percent_encoded(description));
    const SecretBytes answer = receive();
    const std::string_view text = answer.view();
    if (text.starts_with("OK ")) return from_hex(text.substr(3));
    if (text == "OK") return {};
    if (text.starts_with("ERR 83886179")) throw failure("gpgagent: Cancel");
    throw failure(quoted(text));
  } catch (const Error& error) {
    throw error.under(error.code(), "could not read passphrase: gpg-agent passphrase request errored: ");
  }
}

void GpgAgent::forget(const std::string& cache_id) {
  try {
    send("CLEAR_PASSPHRASE " + percent_encoded(cache_id));
    receive();
  } catch (const Error&) {  // nothing depends on it
  }
}

}  // namespace leafseal::age
