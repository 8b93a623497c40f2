// Format: what leafseal must know of a file format, and all that the rest of the program may know of one. Each of the
// five formats (YAML, JSON, dotenv, INI, binary) implements it in its own files under src/formats. Formats know nothing
// of cryptography: they are given tokens and values as text, and answer with edits of the source.
//
// The central pair is seal() and open(). seal() puts a token into the carrier in which the author wrote the value
// ("..." stays "...", a block keeps its header and indentation), open() renders the value in the carrier that holds the
// token. What the author wrote and open() would not give back is what lost_spelling() returns: it becomes a layout
// record (design: layout records; spec: lossless-notes.md 4 and 6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/path.hpp"
#include "leafseal/value.hpp"

namespace leafseal {

enum class FormatId : std::uint8_t { yaml, json, dotenv, ini, binary };

// plain: an author's text; refuses what cannot be sealed faithfully (duplicate keys in any YAML document ...), with
//        the reference's codes. sealed: accepts what the reference accepts on reading.
enum class ParseMode : std::uint8_t { plain, sealed };

struct EmitOptions {
  std::optional<int> indent;  // --indent or `stores:` of .sops.yaml; the format's default otherwise
};

// Spelling of one node that its token cannot carry. Either member may be absent: then the plain rendering stands.
struct Spelling {
  std::optional<std::string> value;  // scalar: its text without tag (of a block its content lines); comment: its lines
  std::optional<std::string> tag;    // a core tag that had to be replaced in the sealed text

  bool empty() const { return !value && !tag; }
};

class Format {
 public:
  virtual ~Format() = default;
  virtual FormatId id() const = 0;
  virtual std::string_view name() const = 0;  // as --input-type spells it

  // A plain file is one leaf and its sealed form a frame around the token (binary).
  virtual bool opaque() const { return false; }

  // Throws Error{could_not_read_input} with a place, and the reference's phrase where the spec has one.
  virtual Document parse(std::string source, ParseMode mode) const = 0;

  // --- leaves and comments ------------------------------------------------------------------------------------------
  // The edits that put `token` in the place of a scalar or comment. The scalar's carrier is kept.
  virtual void seal(const Document&, NodeId, std::string_view token, Edits&) const = 0;
  // Of an author's scalar or comment: what open() after seal() would not give back.
  virtual Spelling lost_spelling(const Document&, NodeId) const = 0;
  // Of a sealed scalar or comment: the edits that give the value back, in the author's spelling where it is known.
  virtual void open(const Document&, NodeId, const Value&, const Spelling&, Edits&) const = 0;

  // Whether the carrier of a sealed scalar can hold another value: a block scalar's header fixes how its text ends.
  virtual bool carries(const Document&, NodeId, const Value&) const { return true; }

  // The whole text with every alias written out as a copy of what it stands for; nothing when there is no alias.
  virtual std::optional<std::string> expand_aliases(const Document&) const { return std::nullopt; }

  // --- structure: plain or already sealed scalars, in the style of the surroundings ---------------------------------
  virtual void replace(const Document&, NodeId, const Document& value, NodeId value_node, Edits&) const = 0;
  // As the last entry of a map (with `key`) or the last item of a list; never behind the metadata.
  virtual void insert(const Document&, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
                      Edits&) const = 0;
  virtual void remove(const Document&, NodeId, Edits&) const = 0;  // an entry or item, with its line; its comments stay

  // --- metadata -----------------------------------------------------------------------------------------------------
  // Makes the metadata of every document equal to the map `node` of `metadata` (nested; flat formats flatten it).
  // Entries that are equal already keep their bytes, a changed scalar changes its line alone, a new document gets the
  // block in the reference's order, indent and spacing, and nothing else is touched.
  virtual void write_metadata(const Document&, const Document& metadata, NodeId node, Edits&) const = 0;
  virtual void remove_metadata(const Document&, Edits&) const = 0;

  // --- canonical emission: byte for byte what the reference prints for this tree ------------------------------------
  // All documents, metadata included where `metadata` has nodes. Throws Error{error_dumping_tree}.
  virtual std::string emit(const Document&, const EmitOptions&) const = 0;
  // One node as --extract prints it: a map as a document, a string raw, others as a value (cli.md 3.2).
  virtual std::string emit_value(const Document&, NodeId, const EmitOptions&) const = 0;
};

const Format& format_by_id(FormatId id);
// By file name suffix (format.md 1): unknown ones are binary.
const Format& format_for_file(std::string_view name);
// By --input-type / --output-type; nullptr for an unknown word, which the reference ignores.
const Format* format_by_name(std::string_view name);

}  // namespace leafseal
