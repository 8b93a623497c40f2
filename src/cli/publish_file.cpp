#include "cli/publish_file.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "base/utf8.hpp"
#include "cli/approval.hpp"
#include "cli/audit.hpp"
#include "cli/key_plan.hpp"
#include "cli/named_recipients.hpp"
#include "cli/open_file.hpp"
#include "cli/published_values.hpp"
#include "cli/stores.hpp"

namespace leafseal::cli {
namespace {

bool is_all_utf8(const Document& tree) {
  for (NodeId id = 0; id < tree.size(); ++id) {
    if (tree[id].kind == NodeKind::scalar && utf8::find_invalid(tree[id].text) != std::string::npos) return false;
  }
  return true;
}

// What the rule says; where it is silent, what the file says, so that nothing comes to lie in clear on the way.
Metadata recreated_metadata(const Metadata& old, const CreationRule& rule, const std::string& now) {
  Metadata metadata = old;
  metadata.version = format_level;
  metadata.keys = rule.keys;
  for (KeyGroup& group : metadata.keys.groups) stamp_created(group.entries, now);
  metadata.mac_only_encrypted = old.mac_only_encrypted || rule.mac_only_encrypted;
  if (!rule.selections.empty() && old.selection.kind != SelectionKind::everything) {
    metadata.selection = rule.selections[0];
    metadata.selection_stored = true;
  }
  return metadata;
}

}  // namespace

// As the reference cuts it: from the last dot of the last name.
std::string name_at_destination(const std::string& name, bool omits_extension) {
  const std::size_t dot = name.rfind('.');
  const std::size_t slash = name.rfind('/');
  if (!omits_extension || dot == std::string::npos || (slash != std::string::npos && dot < slash)) return name;
  if (dot == 0 || dot == slash + 1) {
    throw Error(ExitCode::generic, "nothing is left of the name " + quoted(base_name(name)) + " without its extension",
                {"rename the file, or publish it without omit_extensions"});
  }
  return name.substr(0, dot);
}

void Publisher::publish(const PublishedFile& file) {
  const DestinationRule rule = destination_rule_for(config_, file.path);
  const std::unique_ptr<Destination> destination = destinations_.make(rule.destination);
  if (!destination) {
    throw Error(ExitCode::generic, "no destination configured for this file",
                {"the rule at line " + std::to_string(rule.place.line) + " of " + quoted(config_.path) +
                 " has no s3_bucket, gcs_bucket or vault_path"});
  }
  const std::string name = name_at_destination(file.name, options_.omit_extensions || rule.omit_extensions);
  const std::string path = absolute_path(file.path, environment_.directory);
  const std::string content = content_for(*destination, rule, path);
  const std::string target = quoted(destination->shown(name), 4096);
  if (options_.asks && !wanted(path, target)) return;
  const Stored stored = destination->store(name, content);
  if (!environment_.verbose) return;
  environment_.err(environment_.program + ": " +
                   (stored == Stored::written ? quoted(path, 4096) + " is published to " + target
                                              : "Secret in " + target + " is already up-to-date.") +
                   "\n");
}

std::string Publisher::content_for(const Destination& destination, const DestinationRule& rule,
                                   const std::string& path) const {
  const Input input{false, path, path};
  const Format& format = *choose_stores(line_, path, config_).input;
  try {
    if (destination.takes_values()) {
      return values_of(open_file(environment_, line_, services_, input, format, Purpose::reading), path);
    }
    if (rule.recreation) {
      std::string text = sealed_anew(
          format, open_file(environment_, line_, services_, input, format, Purpose::resealing), *rule.recreation);
      audit(environment_, AuditedAction::encrypt, path);
      return text;
    }
    std::string text = read_file(path);
    read_metadata(parse_sealed(format, text, path));  // it is a sealed file
    return text;
  } catch (const Error& error) {
    if (error.code() != ExitCode::could_not_read_input) throw;
    throw error.under(ExitCode::generic, "");
  }
}

std::string Publisher::sealed_anew(const Format& format, OpenedFile file, const CreationRule& rule) const {
  const std::vector<GroupDifference> groups = group_differences(file.opened.metadata.keys, rule.keys);
  if (std::any_of(groups.begin(), groups.end(), [](const auto& g) { return !g.added.empty() || !g.removed.empty(); })) {
    environment_.out("The following changes will be made to the file's key groups:\n" +
                     shown(groups, environment_.colour_out));
  }
  SealOptions options;
  options.now = format_utc(environment_.clock());
  options.layout_records = config_.layout_records;
  options.warn = warnings_of(environment_);
  Metadata metadata = recreated_metadata(file.opened.metadata, rule, options.now);
  const SecretBytes key = random_secret(32);
  services_.require("Could not generate data key: ");
  wrap_all(metadata.keys, key, services_.recipients());
  LeafCipher fresh(key);
  const Metadata& old = file.opened.metadata;
  if (metadata.selection == old.selection && metadata.mac_only_encrypted == old.mac_only_encrypted) {
    return rekey_document(format, file.opened, std::move(metadata), file.cipher, fresh, options);
  }
  metadata.layout.clear();
  Document plain = format.parse(plain_text(format, file.opened, file.cipher, options.warn), ParseMode::plain);
  return seal_document(format, std::move(plain), std::move(metadata), fresh, options).text;
}

std::string Publisher::values_of(OpenedFile file, const std::string& path) const {
  const Document tree = plain_tree(std::move(file.opened));
  if (!is_all_utf8(tree)) {
    const std::string what = quoted(path, 4096) + " holds bytes that are no text: JSON has U+FFFD in their place";
    if (environment_.strict) {
      throw Error(ExitCode::strict_refusal, what + ", and strict is on", {"encode the content, as base64 say"});
    }
    environment_.warn_secrecy(what);
  }
  return published_values(tree);
}

bool Publisher::wanted(const std::string& path, const std::string& target) const {
  const std::string shown_path = quoted(path, 4096);
  if (approves(environment_, "uploading " + shown_path + " to " + target + " ? (y/n): ")) return true;
  const std::string canceled = "Publication of " + shown_path + " canceled";
  if (!options_.recursive) throw Error(ExitCode::generic, canceled);
  environment_.out(canceled + "\n");
  return false;
}

}  // namespace leafseal::cli
