// doctor: private age keys, plugins, GnuPG, and the terminal that passphrases are asked on.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "base/process.hpp"
#include "cli/doctor_report.hpp"
#include "recipients/age_identity_report.hpp"
#include "recipients/pgp_report.hpp"
#include "recipients/recipient_syntax.hpp"

namespace leafseal::cli {
namespace {

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

// Who may read a private key file, and who may put another in its place (security.md F14).
void examine_mode(const std::string& path, Report& report) {
  struct stat status = {};
  if (path.empty() || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if ((status.st_mode & 077) != 0) {
    report.problem("age", quoted(path) + " can be read or changed by other users", "chmod 600 " + quoted(path));
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    report.problem("age", quoted(path) + " belongs to another user", "use a key file of your own");
  }
  const std::string directory = parent_directory(path);
  if (::stat(directory.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0) {
    report.problem("age", "everybody may change " + quoted(directory) + ", where a private key is", "chmod o-w " + quoted(directory));
  }
}

void examine_source(const AgeSourceReport& source, Report& report) {
  using State = AgeSourceReport::State;
  switch (source.state) {
    case State::absent: return;
    case State::ready: report.ok("age", source.location + ": " + listed(source.identities)); break;
    case State::empty:
      report.problem("age", source.location + " holds no identity", "put the line AGE-SECRET-KEY-1... there, or unset it");
      break;
    case State::command: report.note("age", source.location + " names a program, which was not run"); break;
    case State::unreadable: {
      const bool is_recipient = source.problem.find("unknown identity type") != std::string::npos;
      report.problem("age", source.location + ": " + quoted(source.problem, 400),
                     is_recipient ? "it must hold identities, AGE-SECRET-KEY-1..., and no recipients"
                                  : "correct it or unset it; other sources are used all the same");
    }
  }
  examine_mode(source.path, report);
}

void examine_plugins(const Environment& environment, const std::set<std::string>& plugins, Report& report) {
  for (const std::string& name : plugins) {
    const std::string program = find_program("age-plugin-" + name, environment);
    if (program.empty()) {
      report.problem("plugins", "age-plugin-" + quoted(name) + " is not on PATH", "install the plugin " + quoted(name));
    } else {
      report.ok("plugins", "age-plugin-" + name + ": " + program);
    }
  }
}

void examine_home(const GpgState& gpg, Report& report) {
  struct stat status = {};
  if (gpg.home.empty()) return;
  if (::stat(gpg.home.c_str(), &status) != 0) {
    return report.problem("gpg", "there is no GnuPG home " + quoted(gpg.home), "import your key, or set GNUPGHOME");
  }
  if (status.st_uid != ::geteuid()) {
    report.problem("gpg", "the GnuPG home " + quoted(gpg.home) + " belongs to another user", "set GNUPGHOME to your own");
  }
  if ((status.st_mode & 077) != 0) {
    report.problem("gpg", "other users may enter the GnuPG home " + quoted(gpg.home), "chmod 700 " + quoted(gpg.home));
  }
  constexpr std::size_t longest_socket = 107;
  if (gpg.agent_socket.size() > longest_socket) {
    report.problem("gpg", "the agent's socket has a path of more than 107 bytes: " + quoted(gpg.agent_socket),
                   "use a shorter GNUPGHOME");
  }
}

// `pinentry-program` of gpg-agent.conf, else what gpgconf says.
std::string pinentry_program(const GpgState& gpg) {
  std::string chosen = gpg.pinentry;
  const std::string path = gpg.home + "/gpg-agent.conf";
  if (gpg.home.empty() || !file_exists(path)) return chosen;
  try {
    const std::string text = "\n" + read_file(path, std::size_t{1} << 20);
    constexpr std::string_view option = "\npinentry-program ";
    if (const std::size_t at = text.find(option); at != std::string::npos) {
      const std::size_t begin = text.find_first_not_of(' ', at + option.size());
      chosen = text.substr(begin, text.find('\n', begin) - begin);
    }
  } catch (const Error&) {
    return chosen;
  }
  return chosen;
}

void examine_agent(const GpgState& gpg, Report& report) {
  report.ok("gpg", file_exists(gpg.agent_socket) ? "the agent's socket is " + quoted(gpg.agent_socket)
                                                 : "no agent runs; gpg starts it when it needs one");
  const std::string pinentry = pinentry_program(gpg);
  if (pinentry.empty() || ::access(pinentry.c_str(), X_OK) == 0) {
    report.ok("gpg", "passphrases are asked by " + (pinentry.empty() ? std::string("what gpg chooses") : quoted(pinentry)));
  } else {
    report.problem("gpg", "the pinentry " + quoted(pinentry) + " is not there: no passphrase can be asked",
                   "install one (Debian: pinentry-curses), or correct pinentry-program in gpg-agent.conf");
  }
}

void examine_public_key(const Environment& environment, const std::string& fingerprint, Report& report) {
  using Public = PgpKeyState::Public;
  const PgpKeyState state = inspect_pgp_key(environment, fingerprint);
  const std::string key = "key " + quoted(fingerprint);
  const auto unusable = [&](const char* why, const char* hint) { report.problem("gpg", key + " " + why, hint); };
  switch (state.public_key) {
    case Public::good: return report.ok("gpg", key + (state.secret_key ? ": public and secret key" : ": public key"));
    case Public::missing: return unusable("is not in the keyring: nothing can be sealed for it", "gpg --import its public key");
    case Public::expired: return unusable("has expired: nothing can be sealed for it", "import its extended public key, or replace it");
    case Public::revoked: return unusable("is revoked: nothing can be sealed for it", "replace it in the rules, then updatekeys");
    case Public::disabled: return unusable("is disabled: nothing can be sealed for it", "gpg --edit-key, then enable");
    case Public::invalid: return unusable("is invalid: nothing can be sealed for it", "gpg --list-keys says more");
  }
}

bool old_version(const std::string& version) { return version.starts_with("1.") || version.starts_with("2.0"); }

}  // namespace

void examine_age(const Environment& environment, const InPlay& in_play, Report& report) {
  AgeIdentityReport identities(environment);
  std::set<std::string> plugins;
  bool any = false;
  for (const AgeSourceReport& source : identities.sources()) {
    examine_source(source, report);
    any = any || source.state == AgeSourceReport::State::ready || source.state == AgeSourceReport::State::command;
    plugins.insert(source.plugins.begin(), source.plugins.end());
  }
  if (!any) {
    const std::string text = "no private age key was found";
    const std::string hint = "`keygen` makes one where it is found; one elsewhere is named in SOPS_AGE_KEY_FILE";
    if (in_play.has(RecipientKind::age)) {
      report.problem("age", text, hint);
    } else {
      report.note("age", text + ", and no age recipient is in play");
    }
  }
  for (const auto* entries : {&in_play.recipients, &in_play.of_file}) {
    for (const RecipientEntry& entry : *entries) {
      if (entry.kind != RecipientKind::age) continue;
      if (std::string plugin = plugin_of_recipient(entry.field("recipient")); !plugin.empty()) plugins.insert(plugin);
    }
  }
  examine_plugins(environment, plugins, report);
}

void examine_gpg(const Environment& environment, const InPlay& in_play, Report& report) {
  const std::string program = find_gpg(environment);
  if (!in_play.has(RecipientKind::pgp)) {
    return report.note("gpg", program.empty() ? "not there, and no PGP recipient is in play"
                                              : program + " was not run: no PGP recipient is in play");
  }
  if (program.empty()) {
    return report.problem("gpg", "gpg is not on PATH, and PGP recipients are in play", "install gnupg, or set SOPS_GPG_EXEC");
  }
  const GpgState gpg = inspect_gpg(environment);
  if (!gpg.problem.empty() || gpg.version.empty()) {
    return report.problem("gpg", program + " does not tell its version" + (gpg.problem.empty() ? "" : ": " + gpg.problem),
                          "run it with --version to see why");
  }
  if (old_version(gpg.version)) {
    report.problem("gpg", program + " is of version " + quoted(gpg.version), "use GnuPG 2.2 or later");
  } else {
    report.ok("gpg", program + ", version " + quoted(gpg.version));
  }
  examine_home(gpg, report);
  examine_agent(gpg, report);
  std::set<std::string> fingerprints;
  for (const RecipientEntry& entry : in_play.recipients) {
    if (entry.kind == RecipientKind::pgp && syntax_flaw(entry).empty()) fingerprints.insert(entry.field("fp"));
  }
  for (const std::string& fingerprint : fingerprints) examine_public_key(environment, fingerprint, report);
}

void examine_terminal(const Environment& environment, const InPlay& in_play, Report& report) {
  if (!in_play.has(RecipientKind::pgp)) return;
  const std::string tty = environment.variable("GPG_TTY").value_or("");
  struct stat status = {};
  if (!tty.empty() && (::stat(tty.c_str(), &status) != 0 || !S_ISCHR(status.st_mode))) {
    return report.problem("terminal", "GPG_TTY is " + quoted(tty) + ", which is no terminal",
                          "export GPG_TTY=$(tty) in an interactive shell, and unset it elsewhere");
  }
  const bool desktop = environment.variable("DISPLAY").has_value() || environment.variable("WAYLAND_DISPLAY").has_value();
  if (!tty.empty() || desktop) return report.ok("terminal", "gpg can ask for passphrases");
  if (environment.in_is_terminal) {
    report.problem("terminal", "GPG_TTY is not set: gpg may not find this terminal to ask for a passphrase",
                   "export GPG_TTY=$(tty)");
  } else {
    report.note("terminal", "no terminal and no desktop: gpg opens only what needs no passphrase");
  }
}

}  // namespace leafseal::cli
