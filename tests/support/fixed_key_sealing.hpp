// Seals and opens texts in-process under one fixed data key: what tests and fuzz targets need when they are about
// documents and not about recipients.
#pragma once

#include <span>
#include <string>

#include "leafseal/format.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::test {

struct SealedByTest {
  std::string text;
  std::size_t layout_bytes = 0;  // of the layout records' plaintext; 0 when the document has none
};

// Throws what parsing and sealing throw.
SealedByTest seal_with_fixed_key(const Format& format, const std::string& plain, const SelectionRule& rule,
                                 bool mac_only_encrypted = false);
std::string open_with_fixed_key(const Format& format, const std::string& sealed);
std::string change_with_fixed_key(const Format& format, const std::string& sealed, std::span<const Change> changes);

}  // namespace leafseal::test
