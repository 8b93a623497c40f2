// Metadata: the `sops` block of a sealed document as values (spec: format.md 5). Reading is as lenient as the
// reference; writing is by building the sorted tree that a Format then writes in place, so that fields which did not
// change keep their bytes and members leafseal does not know stay where they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/key_groups.hpp"
#include "leafseal/selection.hpp"

namespace leafseal {

inline constexpr std::string_view format_level = "3.13.2";  // metadata `version` of new files

struct Metadata {
  KeyGroups keys;
  std::string last_modified;        // as stored
  std::string mac;                  // the token as stored; empty: no MAC
  bool mac_only_encrypted = false;
  SelectionRule selection;
  bool selection_stored = true;     // false: the file names no rule and the default is in force
  std::string version;
  std::string layout;               // leafseal.layout: the token with all layout records, empty when there is none

  // The MAC's associated data: last_modified parsed and written again (format.md 3.3). Throws Error{generic}.
  std::string mac_associated_data() const;
};

// Throws Error{generic} with the reference's phrases: "sops metadata not found", "No keys found in file" ...
Metadata read_metadata(const Document& document);
// What the reference asks of `version` before it touches a data key; filestatus does not care. Throws Error{generic}.
void check_version(const Metadata& metadata);
// Whether a parsed plain document already is sealed, by the rule of its format (exit 203); binary never is.
bool has_metadata(const Document& document);

// The tree of all fields in the reference's order, below a map in `tree`; unknown members of `old` (a document's own
// metadata, or nullptr) are carried over.
NodeId metadata_tree(Document& tree, const Metadata& metadata, const Document* old);

}  // namespace leafseal
