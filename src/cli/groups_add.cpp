// groups add: one more key group for a file (spec: cli.md 3.8).
#include "base/time.hpp"
#include "cli/flags.hpp"
#include "cli/named_recipients.hpp"
#include "cli/regroup_file.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

int run_groups_add(Environment& environment, const CommandLine& line) {
  if (!line.options.words.empty()) {
    throw Error(ExitCode::generic, "no positional arguments allowed", {"name the file with --file"});
  }
  KeyGroup group{named_recipients(environment, line.options, "", BadContext::dropped)};
  if (group.entries.empty()) {
    throw Error(ExitCode::generic, "empty key group provided", {"name at least one recipient, for example --age age1..."});
  }
  stamp_created(group.entries, format_utc(environment.clock()));
  const int threshold = line.options.number("shamir-secret-sharing-threshold").value_or(0);
  regroup_file(environment, line, [&](GroupChange& change) {
    change.after.groups.push_back(std::move(group));
    change.origin.push_back(GroupChange::added);
    if (threshold != 0) {
      change.after.threshold = threshold;
    } else if (change.after.threshold < 2) {  // of a file with one group, it says nothing
      change.after.threshold = static_cast<int>(change.after.groups.size());
    }
  });
  return 0;
}

constexpr auto group_flags = std::to_array<Flag>({
    {"age", '\0', FlagKind::list, "", "RECIPIENT", "an age recipient of the new group; may be repeated"},
    {"pgp", '\0', FlagKind::list, "", "FINGERPRINT", "an OpenPGP fingerprint"},
    {"kms", '\0', FlagKind::list, "", "ARN", "an AWS KMS ARN, optionally +ROLE"},
    {"gcp-kms", '\0', FlagKind::list, "", "ID", "a Google Cloud KMS resource id"},
    {"hckms", '\0', FlagKind::list, "", "REGION:UUID", "a Huawei Cloud KMS key"},
    {"azure-kv", '\0', FlagKind::list, "", "URL", "an Azure Key Vault key"},
    {"hc-vault-transit", '\0', FlagKind::list, "", "URI", "a HashiCorp Vault transit key"},
    {"aws-profile", '\0', FlagKind::text, "", "NAME", "the AWS profile stored with the ARNs"},
});
constexpr auto flags = joined(group_file_flags, group_flags, context_flag, key_service_flags, own_flags);

}  // namespace

constinit const Command groups_add_command = {
    "add",
    "-f FILE",
    "add a key group to a file",
    "Let a second team open a file too, each with its own keys, both needed:\n"
    "    leafseal groups add -i -f secrets.yaml --age age1... --pgp 0123456789ABCDEF0123456789ABCDEF01234567\n"
    "A third group, of which any two shall do:\n"
    "    leafseal groups add -i -f secrets.yaml --age age1... --shamir-secret-sharing-threshold 2\n",
    flags,
    run_groups_add,
    {},
    true,
};

}  // namespace leafseal::cli
