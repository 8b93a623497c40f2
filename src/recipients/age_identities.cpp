#include "recipients/age_identities.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/process.hpp"
#include "recipients/age.hpp"
#include "recipients/age_armor.hpp"
#include "recipients/age_key_file.hpp"
#include "recipients/age_ssh_source.hpp"
#include "recipients/age_user_file.hpp"

namespace leafseal {
namespace {

constexpr const char* ssh_file_variable = "SOPS_AGE_SSH_PRIVATE_KEY_FILE";
constexpr const char* ssh_command_variable = "SOPS_AGE_SSH_PRIVATE_KEY_CMD";
constexpr const char* key_variable = "SOPS_AGE_KEY";
constexpr const char* key_file_variable = "SOPS_AGE_KEY_FILE";
constexpr const char* key_command_variable = "SOPS_AGE_KEY_CMD";

bool exists(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0;
}

bool is_regular(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// 'A' | 'A' and 'B' | 'A', 'B', and 'C'
std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    if (i > 0) out += names.size() > 2 ? ", " : " ";
    if (i > 0 && last) out += "and ";
    out += "'" + names[i] + "'";
  }
  return out;
}

// Its message stands where the reference's does, which removes the armor while it reads the header.
std::string without_armor(std::string_view enc) {
  try {
    return age::remove_armor(enc);
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to read header: parsing age header: failed to read intro: ");
  }
}

SecretBytes output_of(const std::string& command, const std::string& recipient, const Environment& environment) {
  const auto words = split_command(command);
  if (!words || words->empty()) throw age::failure("failed to parse command " + quoted(command));
  ChildOptions options;
  options.set = {{"SOPS_AGE_RECIPIENT", recipient}};
  options.discard_errors = true;
  try {
    ChildResult result = run_child(*words, {}, options, environment);
    if (result.exit_code != 0) throw age::failure(describe_end(result));
    return std::move(result.output);
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to execute command " + quoted(command) + ": ");
  }
}

// The data key; `circumstances` go behind the reason when no identity opens the header.
template <class Circumstances>
UnwrapResult opened(std::string_view enc, std::span<age::Identity* const> identities, const Circumstances& circumstances) {
  age::OpenedFile file;
  try {
    file = age::open_file(without_armor(enc), identities);
  } catch (const Error& error) {
    return UnwrapFailure{std::string("failed to create reader for decrypting sops data key with age: ") +
                             error.what() + circumstances(), {}};
  }
  try {
    return age::read_payload(file);
  } catch (const Error& error) {
    return UnwrapFailure{std::string("failed to copy age decrypted data into bytes.Buffer: ") + error.what(), {}};
  }
}

}  // namespace

std::optional<std::string> AgeIdentities::value(const char* variable) const {
  const auto found = environment_.variables.find(variable);
  return found == environment_.variables.end() ? std::nullopt : std::optional(found->second);
}

SecretBytes AgeIdentities::read_key_file(const std::string& path) {
  if (loaded_ == Reading::regular_files && !is_regular(path)) throw age::failure("not a regular file");
  age::KeyFile file = age::read_key_file(path);
  if (file.readable_by_others && loaded_ == Reading::all)
    environment_.warn_secrecy("private key file '" + path + "' can be read by other users; chmod 600 makes it private");
  return std::move(file.content);
}

void AgeIdentities::read_identities(Source& source, std::string_view text, age::PerLine per_line) {
  source.read = true;
  try {
    source.identities = age::parse_identities(text, source.location, per_line, environment_);
  } catch (const Error& error) {
    source.error = error.what();
  }
}

void AgeIdentities::read_ssh_key(Source& source, const std::string& path) {
  source.present = true;
  SecretBytes content;
  try {
    content = read_key_file(path);
  } catch (const Error& error) {
    source.error = std::string("failed to open file: ") + error.what();
    return;
  }
  try {
    source.identities.push_back(age::ssh_identity_from_file(std::move(content), path, environment_));
  } catch (const Error& error) {
    source.error = error.what();
  }
}

void AgeIdentities::load_ssh() {
  sources_[ssh_file].location = ssh_file_variable;
  if (const auto path = value(ssh_file_variable)) read_ssh_key(sources_[ssh_file], *path);
  const std::string home = environment_.home();
  if (home.empty()) {
    errors_.push_back("$HOME is not defined");
    return;
  }
  const auto from_home = [&](Place place, const char* name) {
    sources_[place].location = age::below(home, name);
    if (exists(sources_[place].location)) read_ssh_key(sources_[place], sources_[place].location);
  };
  from_home(ssh_ed25519, ".ssh/id_ed25519");
  from_home(ssh_rsa, ".ssh/id_rsa");
}

void AgeIdentities::load_user_file() {
  Source& source = sources_[user_file];
  const age::UserFile file = age::user_file(environment_);
  if (file.path.empty()) {
    directory_error_ = "user config directory could not be determined: " + file.error;
    return;
  }
  source.location = file.path;
  source.present = exists(source.location);
  if (!source.present) return;
  try {
    read_identities(source, read_key_file(source.location).view(), age::PerLine::one);
  } catch (const Error& error) {
    source.error = std::string("failed to open file: ") + error.what();
  }
}

void AgeIdentities::load(Reading reading) {
  if (loaded_ >= reading) return;
  loaded_ = reading;
  sources_ = {};
  errors_.clear();
  load_ssh();
  sources_[key].location = key_variable;
  if (const auto text = value(key_variable)) {
    sources_[key].present = true;
    read_identities(sources_[key], *text, age::PerLine::several);
  }
  sources_[key_file].location = key_file_variable;
  if (const auto path = value(key_file_variable)) {
    sources_[key_file].present = true;
    try {
      read_identities(sources_[key_file], read_key_file(*path).view(), age::PerLine::one);
    } catch (const Error& error) {
      sources_[key_file].error = std::string("failed to open ") + key_file_variable + " file: " + error.what();
    }
  }
  load_user_file();
}

AgeIdentities::Answers AgeIdentities::run_commands(const std::string& recipient) {
  const auto run = [&](const char* variable, const auto& take) {
    Source source{variable, {}, {}, {}, {}};
    const auto command = value(variable);
    source.present = command.has_value();
    if (!command) return source;
    try {
      take(source, output_of(*command, recipient, environment_));
    } catch (const Error& error) {
      source.error = error.what();
    }
    return source;
  };
  return {run(ssh_command_variable,
              [](Source& source, SecretBytes output) {
                source.identities.push_back(age::ssh_identity_from_output(std::move(output)));
              }),
          run(key_command_variable, [this](Source& source, SecretBytes output) {
            read_identities(source, output.view(), age::PerLine::one);
          })};
}

void AgeIdentities::place_answers(const std::string& recipient) {
  if (placed_ == recipient) return;
  if (placed_) answers_[*placed_] = {std::move(sources_[ssh_command]), std::move(sources_[key_command])};
  const auto known = answers_.find(recipient);
  Answers answers = known == answers_.end() ? run_commands(recipient) : std::move(known->second);
  sources_[ssh_command] = std::move(answers.ssh_key);
  sources_[key_command] = std::move(answers.keys);
  placed_ = recipient;
}

std::vector<age::Identity*> AgeIdentities::all() const {
  std::vector<age::Identity*> out;
  for (const Source& source : sources_)
    for (const auto& identity : source.identities) out.push_back(identity.get());
  return out;
}

bool AgeIdentities::found_any() const {
  return std::any_of(sources_.begin(), sources_.end(), [](const Source& source) {
    return source.read || !source.identities.empty();
  });
}

// What was not there, and then what was there without an identity in it. The user's own file, and why it has no place,
// is named only when nothing else was to be had.
std::vector<std::string> AgeIdentities::missing() const {
  std::vector<std::string> out;
  for (std::size_t place = 0; place < sources_.size(); ++place)
    if (const Source& source = sources_[place];
        !source.present && !source.location.empty() && (place != user_file || !found_any()))
      out.push_back(source.location);
  for (const Source& source : sources_)
    if (source.read && source.error.empty() && source.identities.empty()) out.push_back(source.location);
  return out;
}

std::string AgeIdentities::circumstances() const {
  std::vector<std::string> errors = errors_;
  const auto add = [&](bool read) {
    for (const Source& source : sources_)
      if (!source.error.empty() && source.read == read) errors.push_back(source.error);
  };
  add(false);  // first what could not be read, then what was malformed
  if (!directory_error_.empty() && !found_any()) errors.push_back(directory_error_);
  add(true);
  std::string out;
  for (const std::string& error : errors)
    out += (out.empty() ? ". Errors while loading age identities: " : "; ") + error;
  if (const std::vector<std::string> names = missing(); !names.empty())
    out += std::string(". Did not find keys in location") + (names.size() > 1 ? "s " : " ") + listed(names) + ".";
  return out;
}

UnwrapResult AgeIdentities::unwrap(std::string_view enc, const std::string& recipient) {
  const std::lock_guard one_at_a_time(mutex_);
  load(Reading::all);
  place_answers(recipient);
  const std::vector<age::Identity*> identities = all();
  if (identities.empty())
    return UnwrapFailure{"failed to load age identities" + circumstances(),
                         std::string("set ") + key_file_variable + " to the file that holds your age identity"};
  return opened(enc, identities, [this] { return circumstances(); });
}

std::optional<UnwrapResult> AgeIdentities::unwrap_at_hand(std::string_view enc, const age::PublicKey& recipient) {
  if (recipient.key_bytes().empty()) return std::nullopt;
  const std::lock_guard one_at_a_time(mutex_);
  load(Reading::regular_files);
  for (age::Identity* const identity : all()) {
    if (identity->open_key_bytes() != recipient.key_bytes()) continue;
    return opened(enc, {&identity, 1}, [] { return std::string(); });
  }
  return std::nullopt;
}

UnwrapCost AgeIdentities::unwrap_cost(const age::PublicKey* recipient) {
  const std::lock_guard one_at_a_time(mutex_);
  load(Reading::regular_files);
  const std::vector<age::Identity*> identities = all();
  const bool known = recipient != nullptr && !recipient->key_bytes().empty();
  const auto opens = [&](const age::Identity* identity) { return identity->open_key_bytes() == recipient->key_bytes(); };
  if (known && std::any_of(identities.begin(), identities.end(), opens)) return UnwrapCost::at_hand;
  const bool all_silent = std::all_of(identities.begin(), identities.end(), [](const age::Identity* identity) {
    return identity->needs() == age::Identity::Need::nothing;
  });
  const bool commands = value(ssh_command_variable) || value(key_command_variable);
  return all_silent && !commands ? UnwrapCost::at_hand : UnwrapCost::asks;
}

}  // namespace leafseal
