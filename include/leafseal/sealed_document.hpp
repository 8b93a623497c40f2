// The heart of leafseal: sealing a plain document and opening a sealed one, leaf by leaf, without disturbing a byte that
// need not change. These functions know documents, tokens and metadata; they know no concrete format and no concrete
// key service.
//
// Nothing plain leaves open_document() before the MAC has been verified (security.md M5).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"
#include "leafseal/leaf_cipher.hpp"
#include "leafseal/metadata.hpp"
#include "leafseal/path.hpp"

namespace leafseal {

using Warn = std::function<void(const std::string&)>;

// A sealed document with all its values decrypted.
struct OpenedDocument {
  Document sealed;             // as read; its nodes keep their tokens
  std::vector<Value> values;   // by NodeId: of every scalar, and the text of every comment; empty for other nodes
  std::vector<bool> was_token; // by NodeId: the node held a token that opened
  Metadata metadata;
};

struct OpenOptions {
  bool ignore_mac = false;
  Warn warn;
  bool strict = false;  // text behind a token is an error (security.md I8)
};

// Decrypts every token and verifies the MAC. Throws Error{error_decrypting_tree} naming the leaf by its address,
// Error{mac_mismatch}.
OpenedDocument open_document(Document sealed, const Metadata& metadata, LeafCipher& cipher, const OpenOptions& options);

// The author's text: tokens replaced by values in their carriers, layout records applied, metadata block removed.
std::string plain_text(const Format& format, const OpenedDocument& opened, LeafCipher& cipher, const Warn& warn);
// The same of a document that is not needed any more: a binary file's content is moved out, not copied.
std::string plain_text(const Format& format, OpenedDocument&& opened, LeafCipher& cipher, const Warn& warn);

// The decoded tree for canonical emission, conversion and --extract.
Document plain_tree(OpenedDocument opened);

struct SealOptions {
  std::string now;             // lastmodified, RFC 3339 seconds, UTC
  bool layout_records = true;
  // An older sealed version of this document under the same data key: unchanged leaves keep their tokens and carriers,
  // the metadata block its bytes.
  const OpenedDocument* previous = nullptr;
  Warn warn;
};

struct SealedText {
  std::string text;
  std::size_t sealed_leaves = 0;
  std::size_t plain_leaves = 0;  // not empty and left in clear
};

// Seals a document that was parsed as plain. `metadata` holds keys already wrapped, selection and version; its
// lastmodified, mac and layout are made here. The text that is returned has been parsed again, each token and each
// wrapped key found in its place, and the MAC computed over it (security.md F3).
SealedText seal_document(const Format& format, Document plain, Metadata metadata, LeafCipher& cipher,
                         const SealOptions& options);

// The same document under another data key: every token is made anew in its carrier, the layout records too, and all
// else of the text stays as it is. `metadata` holds the keys already wrapped. What is returned has been parsed again,
// each token opened, and its MAC is that of the values in `opened` (security.md F3).
std::string rekey_document(const Format& format, const OpenedDocument& opened, Metadata metadata, LeafCipher& old_cipher,
                           LeafCipher& new_cipher, const SealOptions& options);

// Other recipients and another threshold for a sealed document whose data key stays: nothing but lines of the metadata
// changes. What is returned has been parsed again and names exactly these recipients.
std::string with_keys(const Format& format, const Document& sealed, Metadata metadata, KeyGroups keys);

// Refuses a data key that is not the one that the document's MAC was sealed under: it would be wrapped for recipients
// who then could not open anything. Throws Error{mac_mismatch}.
void check_data_key(const Metadata& metadata, LeafCipher& cipher);

// Refuses to write a document whose selection does not compile: with a pattern that never matches, secrets would be
// stored in clear (security.md I13). Throws Error{conflicting_parameters}.
void refuse_broken_selection(const Metadata& metadata);

// The addresses of values that stand in a sealed document in clear and that another selection would have sealed.
std::vector<std::string> left_in_clear(Document sealed, const Metadata& metadata, LeafCipher& cipher,
                                       const Selection& other);

// A change on a sealed document, made on its own bytes: a value at a path, or its removal. `value` is a document whose
// root's first child is the new value. Where that document has a source, numbers, booleans and times keep the spelling
// they have in it, if the format can hold it.
struct Change {
  Path path;
  const Document* value = nullptr;  // nullptr: remove what is there
};
// Makes all changes, each on the result of those before it, under one MAC. Returns the source unchanged when nothing
// changes.
std::string apply_changes(const Format& format, const OpenedDocument& opened, std::span<const Change> changes,
                          LeafCipher& cipher, const SealOptions& options);

}  // namespace leafseal
