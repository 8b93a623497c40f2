// settle(): the second half of every sealing. It reads the text that is about to be written as the reference will read
// it, and makes it agree with itself: every comment bound to the container that owns it *there*, every leaf sealed or
// plain as the selection says there, every token opened once more, the MAC computed over what stands there (design:
// sealing is done on the text that will be written).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"
#include "leafseal/leaf_cipher.hpp"
#include "leafseal/selection.hpp"

namespace leafseal {

struct SealedComment {
  std::string associated_data;  // under which its token was made
  std::string text;
};
// By token. A comment that is not listed here is left alone: nobody could open it before.
using SealedComments = std::unordered_map<std::string, SealedComment>;

// The author's leaves in walk order, with what was sealed a moment ago: a token's tag and a hash of its associated data.
// Finding both again is as good as opening the token, and much cheaper.
struct AuthorLeaf {
  NodeId node = no_node;
  std::array<char, 24> tag{};  // base64, as written; zeros: open the token
  std::size_t associated_data = 0;
};
struct AuthorLeaves {
  const Document* document = nullptr;
  std::vector<AuthorLeaf> leaves;
};

struct Settled {
  Edits edits;         // on the document's source
  std::string digest;  // the MAC's
  std::size_t sealed_leaves = 0;
  std::size_t plain_leaves = 0;  // not empty, in clear
};

// What a text is settled against. `author` may be nullptr: then there is nothing to compare with, and every token is
// opened.
struct Sealing {
  const Format& format;
  const Selection& selection;
  bool mac_only_encrypted;
  const SealedComments& comments;
  LeafCipher& cipher;
  const AuthorLeaves* author = nullptr;
};

// Throws Error{error_encrypting_tree} where the written text does not hold the author's values.
Settled settle(const Sealing& sealing, const Document& written);

// Seals one comment and remembers it. Throws Error{error_encrypting_tree} when the token itself matches an
// unencrypted_comment_regex, which would make the file unreadable.
std::string seal_comment(std::string_view text, std::string_view associated_data, const Selection& selection,
                         LeafCipher& cipher, SealedComments& comments);
void refuse_matching_token(std::string_view token, const Selection& selection);

}  // namespace leafseal
