#include "base/edit_distance.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace leafseal;

TEST_CASE("words are as far apart as the edits between them") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("flaw", "lawn") == 2);
  CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("a word is only near when few of its letters differ") {
  constexpr std::string_view names[] = {"age", "pgp", "path_regex", "encrypted_regex", "unencrypted_regex"};
  CHECK(nearest_word("agee", names) == "age");
  CHECK(nearest_word("pathregex", names) == "path_regex");
  CHECK(nearest_word("encryptd_regx", names) == "encrypted_regex");
  CHECK(nearest_word("kms", names).empty());
  CHECK(nearest_word("", names).empty());
  CHECK(nearest_word("aeg", names).empty());
  CHECK(nearest_within("aeg", names, 2) == "age");
  CHECK(nearest_within("aeg", names, 1).empty());
  CHECK(nearest_word("x", names).empty());
  CHECK(nearest_word(std::string(100'000, 'a'), names).empty());
}
