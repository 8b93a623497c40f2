#include "leafseal/selection.hpp"

#include <re2/re2.h>

#include "base/go_pattern.hpp"

namespace leafseal {
namespace {

constexpr std::size_t pattern_limit = 4096;  // security.md C3

bool is_regex(SelectionKind kind) {
  return kind != SelectionKind::everything && kind != SelectionKind::unencrypted_suffix &&
         kind != SelectionKind::encrypted_suffix;
}

bool names_plain_leaves(SelectionKind kind) {
  return kind == SelectionKind::unencrypted_suffix || kind == SelectionKind::unencrypted_regex ||
         kind == SelectionKind::unencrypted_comment_regex;
}

}  // namespace

std::string_view selection_field(SelectionKind kind) {
  switch (kind) {
    case SelectionKind::unencrypted_suffix: return "unencrypted_suffix";
    case SelectionKind::encrypted_suffix: return "encrypted_suffix";
    case SelectionKind::unencrypted_regex: return "unencrypted_regex";
    case SelectionKind::encrypted_regex: return "encrypted_regex";
    case SelectionKind::unencrypted_comment_regex: return "unencrypted_comment_regex";
    case SelectionKind::encrypted_comment_regex: return "encrypted_comment_regex";
    case SelectionKind::everything: break;
  }
  return "";
}

struct Selection::State {
  SelectionRule rule;
  std::unique_ptr<RE2> regex;
  std::string broken;
};

Selection::Selection(const SelectionRule& rule) : state_(std::make_unique<State>()) {
  state_->rule = rule;
  if (!is_regex(rule.kind)) return;
  if (rule.pattern.size() > pattern_limit) {
    state_->broken = "the pattern is longer than " + std::to_string(pattern_limit) + " bytes";
    return;
  }
  RE2::Options options;
  options.set_log_errors(false);
  state_->regex = std::make_unique<RE2>(re2_pattern(rule.pattern), options);
  if (!state_->regex->ok()) {
    state_->broken = "error parsing regexp: " + state_->regex->error();
    state_->regex.reset();
  }
}
Selection::~Selection() = default;
Selection::Selection(Selection&&) noexcept = default;
Selection& Selection::operator=(Selection&&) noexcept = default;

const SelectionRule& Selection::rule() const { return state_->rule; }
const std::string& Selection::broken() const { return state_->broken; }
bool Selection::by_comment() const {
  return state_->rule.kind == SelectionKind::unencrypted_comment_regex ||
         state_->rule.kind == SelectionKind::encrypted_comment_regex;
}

bool Selection::matches(std::string_view text) const {
  if (is_regex(state_->rule.kind)) {
    return state_->regex && RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *state_->regex);
  }
  return state_->rule.kind != SelectionKind::everything && text.ends_with(state_->rule.pattern);
}

Selection::Cursor::Cursor(const Selection& selection) : selection_(&selection), levels_(1) {}

bool Selection::Cursor::key_matches(std::string_view key) const { return !selection_->by_comment() && selection_->matches(key); }

void Selection::Cursor::enter(std::optional<std::string_view> key) {
  const Level& outer = levels_.back();
  const bool matched = outer.key_matched || (key && key_matches(*key));
  levels_.push_back({matched, outer.outer_comment || outer.comment_matched, false});
}

void Selection::Cursor::leave() {
  levels_.pop_back();
  levels_.back().comment_matched = false;  // the container ended the run before it
}

bool Selection::Cursor::leaf(std::optional<std::string_view> key) {
  Level& level = levels_.back();
  bool named = false;
  if (selection_->by_comment()) {
    named = level.outer_comment || level.comment_matched;
    level.comment_matched = false;
  } else {
    named = level.key_matched || (key && key_matches(*key));
  }
  const SelectionKind kind = selection_->rule().kind;
  return kind == SelectionKind::everything || named != names_plain_leaves(kind);
}

bool Selection::Cursor::comment(std::string_view text, bool lost) {
  const SelectionKind kind = selection_->rule().kind;
  if (kind == SelectionKind::everything) return true;
  if (!selection_->by_comment()) return (!lost && levels_.back().key_matched) != names_plain_leaves(kind);
  const bool matched = selection_->matches(text);
  if (lost) return kind == SelectionKind::unencrypted_comment_regex && !matched;
  Level& level = levels_.back();
  const bool before = level.outer_comment || level.comment_matched;
  level.comment_matched = level.comment_matched || matched;
  // A comment never selects itself for sealing, but a matching one stays plain itself.
  return kind == SelectionKind::encrypted_comment_regex ? before : !(before || matched);
}

}  // namespace leafseal
