// init: makes a working repository out of a directory: the rule file, what git needs to know, and the next commands.
// Running it again changes nothing; what exists is kept.
#include "base/file.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/git_wiring.hpp"
#include "cli/secret_files.hpp"
#include "cli/stores.hpp"
#include "leafseal/creation_rules.hpp"
#include "leafseal/error.hpp"
#include "recipients/age_own_keys.hpp"
#include "recipients/age_recipient.hpp"
#include "recipients/recipient_list.hpp"

namespace leafseal::cli {
namespace {

struct Recipients {
  std::vector<std::string> age;
  std::vector<std::string> pgp;
};

Recipients chosen_recipients(const Environment& environment, const Options& options) {
  Recipients out;
  for (const RecipientEntry& entry : parse_recipient_list(RecipientKind::age, options.text("age").value_or(""))) {
    check_age_recipient(entry.id(), environment);
    out.age.push_back(entry.id());
  }
  for (const RecipientEntry& entry : parse_recipient_list(RecipientKind::pgp, options.text("pgp").value_or(""))) {
    if (entry.id().size() < 16 || entry.id().find_first_not_of("0123456789ABCDEFabcdef") != std::string::npos) {
      throw Error(ExitCode::generic, quoted(entry.id()) + " is no OpenPGP fingerprint",
                  {"gpg --list-keys --with-subkey-fingerprint shows them"});
    }
    out.pgp.push_back(entry.id());
  }
  if (!out.age.empty() || !out.pgp.empty()) return out;
  for (const age::OwnRecipient& own : age::own_recipients(environment)) out.age.push_back(own.recipient);
  if (out.age.empty()) {
    throw Error(ExitCode::generic, "there is nobody to seal for: no recipient was named, and no age identity was found",
                {"`" + environment.program + " keygen` makes an identity; --age and --pgp name recipients"});
  }
  return out;
}

std::string field(const char* name, const std::vector<std::string>& recipients) {
  if (recipients.empty()) return "";
  std::string text = std::string("    ") + name + ": ";
  if (recipients.size() == 1) return text + recipients[0] + "\n";
  text += ">-\n";
  for (const std::string& recipient : recipients) {
    text += "      " + recipient + (&recipient == &recipients.back() ? "\n" : ",\n");
  }
  return text;
}

std::string rule_file(const Recipients& recipients) {
  return "# Who can open which file; the first rule whose path_regex fits decides. See leafseal-config(5).\n"
         "creation_rules:\n"
         "  # Everything in a folder secrets/, files called secrets.*, and files with .enc. in their names.\n"
         "  - path_regex: " +
         std::string(secret_path_regex) + "\n" + field("age", recipients.age) + field("pgp", recipients.pgp);
}

void make_rule_file(const Environment& environment, const Options& options, const Say& say) {
  const std::string path = environment.directory + "/.sops.yaml";
  if (file_exists(path)) return say("kept .sops.yaml");
  const std::string text = rule_file(chosen_recipients(environment, options));
  FileState absent;
  absent.absent = true;
  write_file(path, text, Privacy::sealed, &absent);
  say("made .sops.yaml: who can open secrets.*, secrets/ and *.enc.*");
}

// Whether the rules that stand there now have one for the example.
bool example_is_covered(const Environment& environment) {
  const std::string path = environment.directory + "/.sops.yaml";
  const Config config = parse_config(".sops.yaml", environment.directory, read_file(path), nullptr);
  try {
    return config.rule_for(environment.directory + "/" + std::string(secret_example)).has_value();
  } catch (const Error&) {
    return false;
  }
}

void show_next(Environment& environment, bool in_git) {
  const std::string example(secret_example);
  if (!example_is_covered(environment)) {
    environment.out("\nThe rules of .sops.yaml cover no file called " + example + "; the next commands need one.\n");
  }
  environment.out("\nNext:\n    " + environment.program + " edit " + example + "\n    " + environment.program +
                  " set --generate 32 " + example + " '[\"db_password\"]'\n" +
                  (in_git
                       ? "    git add .sops.yaml .gitattributes " + example + " && git commit -m 'Add sealed secrets'\n"
                       : "    " + environment.program + " decrypt " + example + "\n"));
}

int run_init(Environment& environment, const CommandLine& line) {
  if (!line.options.words.empty()) {
    throw Error(ExitCode::generic, "init takes no file", {"it works in the directory where it is run"});
  }
  const Say say = [&](const std::string& text) { environment.out(text + "\n"); };
  make_rule_file(environment, line.options, say);
  const auto repository = find_repository(environment);
  if (repository) {
    wire_diff(environment, *repository, say);
    wire_hook(environment, *repository, say);
  } else {
    say("no git repository here: no attributes, no hook");
  }
  show_next(environment, repository.has_value());
  return 0;
}

constexpr auto init_flags = std::to_array<Flag>({
    {"age", 'a', FlagKind::text, "SOPS_AGE_RECIPIENTS", "LIST", "age recipients, separated by commas"},
    {"pgp", 'p', FlagKind::text, "SOPS_PGP_FP", "LIST", "OpenPGP fingerprints"},
});
constexpr auto flags = joined(init_flags, own_flags);

}  // namespace

constinit const Command init_command = {
    "init",
    "",
    "make rules, git attributes and a hook for this directory",
    "Set a repository up for the age identity you have:\n"
    "    leafseal init\n"
    "For recipients that you name:\n"
    "    leafseal init --age age1... --pgp FINGERPRINT\n",
    flags,
    run_init,
};

}  // namespace leafseal::cli
