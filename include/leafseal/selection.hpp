// Selection: which leaves of a document are sealed. One of six rules, tested on the keys along a leaf's path or on the
// comments in force at its place (spec: format.md 4). Regexes are RE2: linear time, Go's syntax (security.md C3).
#pragma once

#include <cstdint>
#include <memory>
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
  const std::string& broken() const;  // RE2's reason, empty when the pattern is good
  bool by_comment() const;

  // The state of one walk over one document; feed it in walk order. A root needs no enter().
  class Cursor {
   public:
    explicit Cursor(const Selection& selection);
    // `key` empty and `in_list` true for list items.
    void enter(std::string_view key, bool in_list);
    void leave();
    bool leaf(std::string_view key, bool in_list);  // also ends the comment run before it
    // Whether a comment is sealed. `sealed_text`: the walk is over a sealed document and this is a token.
    // Throws Error{error_encrypting_tree} where an encrypted comment matches unencrypted_comment_regex.
    bool comment(std::string_view text, bool lost);

   private:
    bool key_matches(std::string_view key) const;
    bool comments_match(bool skip_last) const;
    const Selection* selection_;
    struct Level {
      bool matched;                        // some key from the root to here matches the rule
      std::vector<std::string> comments;   // active at this level; used by comment rules only
    };
    std::vector<Level> levels_;
  };

 private:
  friend class Cursor;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leafseal
