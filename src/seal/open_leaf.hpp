// Opening one leaf: token, cipher, type check. Failures are the reference's phrases and never hold plaintext.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "leafseal/leaf_cipher.hpp"
#include "leafseal/value.hpp"

namespace leafseal {

// The value a token holds; on failure nothing, and `failure` says why.
std::optional<Value> open_leaf(LeafCipher& cipher, std::string_view text, std::string_view associated_data,
                               OpenFailure& failure);
// The text of a sealed comment.
std::optional<std::string> open_comment(LeafCipher& cipher, std::string_view text, std::string_view associated_data);

}  // namespace leafseal
