// settle(): the second half of every sealing. It reads the text that is about to be written as the reference will read
// it, and makes it agree with itself: every comment bound to the container that owns it *there*, every leaf sealed or
// plain as the selection says there, every token opened once more, the MAC computed over what stands there (design:
// sealing is done on the text that will be written).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

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

struct Settled {
  Edits edits;         // on the document's source
  std::string digest;  // the MAC's
  std::size_t sealed_leaves = 0;
  std::size_t plain_leaves = 0;  // not empty, in clear
};

// `on_value` gets every leaf but nulls in walk order, by number: the caller checks that nothing changed on the way.
Settled settle(const Format& format, const Document& document, const Selection& selection, bool mac_only_encrypted,
               const SealedComments& comments, LeafCipher& cipher,
               const std::function<void(std::size_t, NodeId, const Value&)>& on_value);

// Seals one comment and remembers it. Throws Error{error_encrypting_tree} when the token itself matches an
// unencrypted_comment_regex, which would make the file unreadable.
std::string seal_comment(std::string_view text, std::string_view associated_data, const Selection& selection,
                         LeafCipher& cipher, SealedComments& comments);
void refuse_matching_token(std::string_view token, const Selection& selection);

}  // namespace leafseal
