// The report after a failed recovery: every group, every recipient that was tried, and why it did not give the key, in
// the reference's layout (spec: format.md 12.4).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leafseal {

struct FailedRecipient {
  std::string id;
  std::vector<std::string> reasons;  // of each key service that was asked; empty ones are left out
};

struct GroupOutcome {
  bool opened = false;
  std::vector<FailedRecipient> failures;  // printed only when the group was not opened
};

// `threshold` as the document states it, 0 when it states none.
std::string failure_report(const std::vector<GroupOutcome>& groups, int threshold);

// Breaks lines at blanks so that they fit `width` characters; longer words stand alone.
std::string wrap_lines(std::string_view text, std::size_t width);

}  // namespace leafseal
