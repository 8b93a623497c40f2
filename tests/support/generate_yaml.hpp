// Random YAML files with everything an author may write: streams, comments at every column, flow and block collections,
// anchors, tags, odd spellings, line ends. One in three is plain: block style and nothing that needs a layout record.
#pragma once

#include "support/dice.hpp"

namespace leafseal::test {

Generated generate_yaml(Dice& dice);

}  // namespace leafseal::test
