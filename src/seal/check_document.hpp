// What anybody can tell of a sealed document without a key: that its metadata is complete and that whatever the
// selection takes is a token. Whether the tokens open and the MAC fits only a key can tell.
//
// Findings name places and key paths, never values: what was left in clear by mistake is a secret.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/metadata.hpp"

namespace leafseal {

struct CheckFinding {
  std::size_t line = 1;  // of the document, from 1
  std::string text;
  bool warning = false;  // worth a look, and no proof that something is wrong
};

// What is wrong with the form of an entry's wrapped key, to stand behind "the wrapped key of X"; empty if nothing is.
// recipients/wrapped_form knows.
using WrappedFormProblem = std::string (*)(const RecipientEntry&);

// Of the metadata alone: fields that are missing or cannot be used, recipients without a wrapped key or with one that is
// damaged.
void check_metadata(const Document& document, const Metadata& metadata, WrappedFormProblem wrapped_form_problem,
                    std::vector<CheckFinding>& findings);

// What the creation rule of a file would select (security.md I10).
struct RuleSelector {
  SelectionRule rule;
  bool stated = false;  // false: the default, and a flag may have said otherwise when the file was sealed
};

// All of a document that has metadata. Nothing for `expected`: no rule covers it, or nothing can be selected in it.
std::vector<CheckFinding> check_document(const Document& document, const std::optional<RuleSelector>& expected,
                                         WrappedFormProblem wrapped_form_problem);

// Where the metadata begins, for findings about it.
std::size_t metadata_line(const Document& document);

}  // namespace leafseal
