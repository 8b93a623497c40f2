// Reading what is not content: anchors, aliases, tags, directives.
#pragma once

#include "formats/yaml_cursor.hpp"
#include "formats/yaml_token.hpp"

namespace leafseal::yaml {

void read_anchor(Cursor& cursor, Token& token);  // also an alias: the name after & or *
void read_tag(Cursor& cursor, Document& document, Token& token);
// A whole directive line with its break; the type of the token is set to what it is.
void read_directive(Cursor& cursor, Document& document, Token& token);

}  // namespace leafseal::yaml
