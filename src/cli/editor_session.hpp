// One session in the user's editor: the plaintext goes into a private file, and comes back changed. Text that cannot be
// taken opens the editor again, with the reason, until it can or the user gives up.
#pragma once

#include <functional>
#include <string>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

struct EditedText {
  // Takes the text; an Error means that it cannot be taken, and is shown.
  std::function<void(const std::string& text)> accept;
  // The user gave up on text that could not be taken: saves it, and says where, or gives "" where it cannot.
  std::function<std::string(const std::string& text)> keep;
};

// `name`: of the temporary file, so the editor knows its type. Returns when a text was accepted. Throws
// Error{file_not_modified}, Error{no_editor}, Error{generic} when the user gave up.
void edit_text(Environment& environment, const std::string& name, const std::string& text, const EditedText& edited);

}  // namespace leafseal::cli
