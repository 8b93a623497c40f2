// Random bytes for the binary format: text, noise, NUL, nothing at all.
#pragma once

#include "support/dice.hpp"

namespace leafseal::test {

inline Generated generate_binary(Dice& dice) {
  Generated document;
  document.plain = true;
  const std::size_t size = dice.percent(5) ? 0 : dice.between(1, 600);
  const bool text = dice.percent(40);
  document.mark(size == 0 ? "empty" : text ? "text" : "noise");
  for (std::size_t i = 0; i < size; ++i) {
    document.text += text ? dice.pick({"word ", "\n", "\r\n", "ü", "{", "\""})[0] : static_cast<char>(dice.below(256));
  }
  return document;
}

}  // namespace leafseal::test
