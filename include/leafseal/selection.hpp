// Selection: which leaves of a document are sealed. One of six rules, tested on the keys along a leaf's path or on the
// comments in force at its place (spec: format.md 4). Regexes are RE2: linear time, Go's syntax (security.md C3).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leafseal {

enum class SelectionKind : std::uint8_t {
  everything,  // binary files: no rule is stored
  unencrypted_suffix,
  encrypted_suffix,
  unencrypted_regex,
  encrypted_regex,
  unencrypted_comment_regex,
  encrypted_comment_regex,
};
// Those that metadata and .sops.yaml can name.
inline constexpr std::array<SelectionKind, 6> stored_selections = {
    SelectionKind::unencrypted_suffix, SelectionKind::encrypted_suffix,          SelectionKind::unencrypted_regex,
    SelectionKind::encrypted_regex,    SelectionKind::unencrypted_comment_regex, SelectionKind::encrypted_comment_regex};
std::string_view selection_field(SelectionKind kind);  // its name in metadata and .sops.yaml

struct SelectionRule {
  SelectionKind kind = SelectionKind::unencrypted_suffix;
  std::string pattern = "_unencrypted";
  bool operator==(const SelectionRule&) const = default;
};

class Selection {
 public:
  // A pattern that does not compile never matches, as in the reference; broken() tells, and every command that writes
  // refuses it (security.md C1, I13).
  explicit Selection(const SelectionRule& rule);
  ~Selection();
  Selection(Selection&&) noexcept;
  Selection& operator=(Selection&&) noexcept;

  const SelectionRule& rule() const;
  const std::string& broken() const;  // why the pattern is no good, empty when it is
  bool by_comment() const;            // the rule looks at comments, not at keys
  bool matches(std::string_view text) const;  // the bare pattern

  // The state of one walk over one document; feed it in walk order. A root needs no enter().
  class Cursor {
   public:
    explicit Cursor(const Selection& selection);
    void enter(std::optional<std::string_view> key);  // no key: a list item
    void leave();
    bool leaf(std::optional<std::string_view> key);   // also ends the comment run before it
    bool comment(std::string_view text, bool lost);

   private:
    struct Level {
      bool key_matched = false;       // some key from the root to here matches
      bool outer_comment = false;     // a comment of an outer level is in force and matches
      bool comment_matched = false;   // one of this level's run so far matches
    };
    bool key_matches(std::string_view key) const;
    const Selection* selection_;
    std::vector<Level> levels_;
  };

 private:
  friend class Cursor;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leafseal
