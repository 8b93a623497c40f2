#include "recipients/age_identity_report.hpp"

#include <algorithm>

#include "recipients/age.hpp"
#include "recipients/age_armor.hpp"

namespace leafseal {
namespace {

Environment without_questions(const Environment& environment) {
  Environment quiet = environment;
  quiet.err = [](std::string_view) {};
  quiet.ask_secret = [](const std::string&) { return std::nullopt; };
  quiet.ask = [](const std::string&) { return std::nullopt; };
  return quiet;
}

constexpr std::string_view plugin_words = "identity of the plugin ";

std::string plugin_of(const age::Identity& identity) {
  const std::string name = identity.name();
  return name.starts_with(plugin_words) ? name.substr(plugin_words.size()) : std::string();
}

}  // namespace

AgeIdentityReport::AgeIdentityReport(const Environment& environment)
    : quiet_(without_questions(environment)), identities_(quiet_) {
  identities_.load(AgeIdentities::Reading::all);
  identities_.sources_[AgeIdentities::ssh_command].location = "SOPS_AGE_SSH_PRIVATE_KEY_CMD";
  identities_.sources_[AgeIdentities::key_command].location = "SOPS_AGE_KEY_CMD";
}

std::vector<AgeSourceReport> AgeIdentityReport::sources() {
  using State = AgeSourceReport::State;
  std::vector<AgeSourceReport> reports;
  for (const AgeIdentities::Source& source : identities_.sources_) {
    AgeSourceReport report{source.location, State::absent, {}, source.error, {}, {}};
    if (source.location.starts_with('/')) report.path = source.location;
    if (source.location.ends_with("_FILE")) report.path = quiet_.variable(source.location).value_or("");
    for (const auto& identity : source.identities) {
      report.identities.push_back(identity->name());
      if (std::string plugin = plugin_of(*identity); !plugin.empty()) report.plugins.push_back(std::move(plugin));
    }
    if (source.location.ends_with("_CMD")) {
      if (quiet_.is_set(source.location)) report.state = State::command;
    } else if (!source.error.empty()) {
      report.state = State::unreadable;
    } else if (source.present) {
      report.state = source.identities.empty() ? State::empty : State::ready;
    }
    if (!report.location.empty()) reports.push_back(std::move(report));
  }
  return reports;
}

AgeAttempt AgeIdentityReport::attempt(std::string_view enc, std::string_view recipient) {
  AgeAttempt attempt;
  std::string file;
  try {
    file = age::remove_armor(enc);
  } catch (const Error& error) {
    attempt.problem = std::string("its wrapped key is damaged: ") + error.what();
    return attempt;
  }
  const std::string plugin = plugin_of_recipient(recipient);
  for (const AgeIdentities::Source& source : identities_.sources_) {
    for (const auto& identity : source.identities) {
      const std::string described = source.location + " (" + identity->name() + ")";
      if (identity->needs() == age::Identity::Need::program) {
        if (plugin_of(*identity) == plugin) attempt.might.push_back(described);
        continue;
      }
      if (identity->needs() == age::Identity::Need::passphrase_first) {
        if (plugin.empty() && !recipient.starts_with("ssh-")) attempt.might.push_back(described);
        continue;
      }
      age::Identity* const one[] = {identity.get()};
      try {
        attempt.key = age::read_payload(age::open_file(file, one));
        attempt.opened_by = described;
        return attempt;
      } catch (const age::NoMatch&) {
        continue;
      } catch (const Error& error) {
        // A key under a passphrase fails here when the stanza is for it, and only then.
        if (identity->needs() == age::Identity::Need::passphrase) {
          attempt.might.push_back(described);
        } else if (attempt.problem.empty()) {
          attempt.problem = error.what();
        }
      }
    }
  }
  if (attempt.problem.empty()) attempt.problem = "no identity here is for it";
  return attempt;
}

std::string plugin_of_recipient(std::string_view recipient) {
  if (!recipient.starts_with("age1") || recipient.starts_with("age1pq1")) return {};
  const std::size_t last = recipient.rfind('1');
  return last <= 3 ? std::string() : std::string(recipient.substr(4, last - 4));
}

}  // namespace leafseal
