#include "recipients/pgp_report.hpp"

#include <algorithm>
#include <vector>

#include "base/process.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

using Words = std::vector<std::string>;

std::string gpg_name(const Environment& environment) { return environment.variable("SOPS_GPG_EXEC").value_or("gpg"); }

ChildResult run_gpg(const Environment& environment, const Words& arguments, std::string_view input) {
  Words words = {gpg_name(environment), "--batch", "--no-tty", "--disable-dirmngr", "--no-auto-check-trustdb"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  ChildOptions options;
  options.set = {{"LC_ALL", "C.UTF-8"}};
  return run_child(words, input, options, environment);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// gpgconf writes `:` and other bytes of paths as %XX.
std::string unescaped(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// The second (or `column`-th) field of the line that begins with `name`.
std::string field_of(std::string_view output, std::string_view name, std::size_t column) {
  for (const std::string_view line : split(output, '\n')) {
    const auto fields = split(line, ':');
    if (fields[0] == name && fields.size() > column) return unescaped(fields[column]);
  }
  return {};
}

void ask_gpgconf(const Environment& environment, GpgState& state) {
  if (find_program("gpgconf", environment).empty()) return;
  try {
    const ChildResult directories = run_child({"gpgconf", "--list-dirs"}, {}, {}, environment);
    state.home = field_of(directories.output.view(), "homedir", 1);
    state.agent_socket = field_of(directories.output.view(), "agent-socket", 1);
    const ChildResult components = run_child({"gpgconf", "--list-components"}, {}, {}, environment);
    state.pinentry = field_of(components.output.view(), "pinentry", 2);
  } catch (const Error&) {
    return;  // an old GnuPG: what it does not tell stays unknown
  }
}

PgpKeyState::Public public_state(char validity) {
  switch (validity) {
    case 'e': return PgpKeyState::Public::expired;
    case 'r': return PgpKeyState::Public::revoked;
    case 'd': return PgpKeyState::Public::disabled;
    case 'i': return PgpKeyState::Public::invalid;
    default: return PgpKeyState::Public::good;
  }
}

}  // namespace

std::string find_gpg(const Environment& environment) { return find_program(gpg_name(environment), environment); }

GpgState inspect_gpg(const Environment& environment) {
  GpgState state;
  state.program = find_gpg(environment);
  if (state.program.empty()) return state;
  try {
    const ChildResult result = run_child({state.program, "--version"}, {}, {}, environment);
    const std::string_view first = split(result.output.view(), '\n')[0];
    if (result.exit_code != 0) state.problem = describe_end(result);
    if (first.starts_with("gpg (")) state.version = first.substr(first.rfind(' ') + 1);
  } catch (const Error& error) {
    state.problem = error.what();
  }
  ask_gpgconf(environment, state);
  return state;
}

PgpKeyState inspect_pgp_key(const Environment& environment, const std::string& fingerprint) {
  PgpKeyState state;
  const ChildResult listed = run_gpg(environment, {"--with-colons", "--list-keys", "--", fingerprint}, {});
  for (const std::string_view line : split(listed.output.view(), '\n')) {
    const auto fields = split(line, ':');
    if (fields[0] != "pub" || fields.size() < 12) continue;
    state.public_key = public_state(fields[1].empty() ? '-' : fields[1][0]);
    if (state.public_key == PgpKeyState::Public::good && fields[11].find('D') != std::string_view::npos) {
      state.public_key = PgpKeyState::Public::disabled;
    }
  }
  const ChildResult secret = run_gpg(environment, {"--with-colons", "--list-secret-keys", "--", fingerprint}, {});
  for (const std::string_view line : split(secret.output.view(), '\n')) {
    const auto fields = split(line, ':');
    // Field 15: `#` where the secret part of this key is not at hand.
    const bool is_key = fields[0] == "sec" || fields[0] == "ssb";
    if (is_key && fields.size() > 14 && fields[14] != "#") state.secret_key = true;
  }
  return state;
}

PgpAttempt open_quietly(const Environment& environment, std::string_view enc) {
  PgpAttempt attempt;
  ChildResult result = run_gpg(environment, {"--pinentry-mode", "cancel", "-d"}, enc);
  if (result.exit_code == 0) {
    attempt.key = std::move(result.output);
  } else {
    attempt.problem = quoted(result.errors.substr(0, result.errors.find_last_not_of(" \r\n") + 1), 400);
  }
  return attempt;
}

}  // namespace leafseal
