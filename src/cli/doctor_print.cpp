// The report of `doctor` as a table for people, as lines for logs, as JSON for programs.
#include <algorithm>

#include "cli/doctor_report.hpp"
#include "leafseal/format.hpp"

namespace leafseal::cli {
namespace {

std::string_view word(Finding::Status status) {
  switch (status) {
    case Finding::Status::ok: return "ok";
    case Finding::Status::note: return "note";
    case Finding::Status::problem: break;
  }
  return "problem";
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

}  // namespace

std::size_t Report::problems() const {
  return static_cast<std::size_t>(std::count_if(findings_.begin(), findings_.end(), [](const Finding& finding) {
    return finding.status == Finding::Status::problem;
  }));
}

bool InPlay::has(RecipientKind kind) const {
  const auto is_of_kind = [kind](const RecipientEntry& entry) { return entry.kind == kind; };
  return std::any_of(recipients.begin(), recipients.end(), is_of_kind) ||
         std::any_of(of_file.begin(), of_file.end(), is_of_kind);
}

// In a table an area is named once and the columns are aligned.
std::string report_as_lines(const Report& report, bool table) {
  constexpr std::size_t area_width = 11;
  constexpr std::size_t status_width = 9;
  std::string text;
  std::string_view before;
  for (const Finding& finding : report.findings()) {
    if (table) {
      text += padded(finding.area == before ? std::string_view() : std::string_view(finding.area), area_width) +
              padded(word(finding.status), status_width) + finding.text + "\n";
      if (!finding.hint.empty()) text += std::string(area_width + status_width, ' ') + "-> " + finding.hint + "\n";
    } else {
      text += std::string(word(finding.status)) + ": " + finding.area + ": " + finding.text + "\n";
      if (!finding.hint.empty()) text += "hint: " + finding.hint + "\n";
    }
    before = finding.area;
  }
  return text;
}

std::string report_as_json(const Report& report) {
  Document tree;
  const NodeId root = tree.add(NodeKind::map, no_node);
  tree.roots.push_back(root);
  tree.metadata.push_back(no_node);
  tree.add_scalar(root, "problems", {ScalarType::integer, std::to_string(report.problems())});
  const NodeId list = tree.add(NodeKind::list, root);
  tree[list].key = "checks";
  for (const Finding& finding : report.findings()) {
    const NodeId check = tree.add(NodeKind::map, list);
    tree.add_scalar(check, "area", Value::string(finding.area));
    tree.add_scalar(check, "status", Value::string(std::string(word(finding.status))));
    tree.add_scalar(check, "text", Value::string(finding.text));
    if (!finding.hint.empty()) tree.add_scalar(check, "hint", Value::string(finding.hint));
  }
  EmitOptions options;
  options.indent = 2;
  return format_by_id(FormatId::json).emit(tree, options);
}

}  // namespace leafseal::cli
