// The `sops` entry of YAML documents: put in, updated in place, and taken out so that the author's text comes back
// (spec: format.md 5.2, lossless-notes.md 5).
//
// A new entry is the last of its document, as the reference prints it, whatever the file's own step: behind all
// trailing comments, moved to the column of the root's keys; in a root in flow style it is the last entry, in JSON's
// quotes. Where the text has no final break the entry has none either; where a trailing comma stands the entry has its
// own behind it. By these two signs remove_yaml_metadata() knows what came with the entry.
#pragma once

#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

// Later documents do not get the member `leafseal`, and those that are an explicit null no entry at all.
void write_yaml_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits);

// One deletion for each entry. Comments behind an entry stay.
void remove_yaml_metadata(const Document& document, Edits& edits);

}  // namespace leafseal
