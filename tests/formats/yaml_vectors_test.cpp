// Comment owners: the reference's rows of 260 texts (testdata/vectors, member yaml_model).
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "formats/yaml_parse.hpp"
#include "formats/yaml_rows.hpp"
#include "support/golden.hpp"

namespace leafseal::test {

TEST_CASE("yaml: leaves, comments and their owners are the reference's") {
  const auto cases =
      nlohmann::json::parse(testing::read_text(std::string(TESTDATA) + "/vectors/vectors.json"))["yaml_model"]["cases"];
  REQUIRE(cases.size() == 260);
  for (const auto& example : cases) {
    const std::string text = example["yaml"];
    CAPTURE(example["name"].get<std::string>(), text);
    std::vector<Row> want, got;
    for (const auto& row : example["model"]) want.push_back({row["aad"], row["kind"], row["text"]});
    const Document document = parse_yaml(text, ParseMode::sealed);
    for (const NodeId root : document.roots) {
      for (Row& row : Rows(document, root).all) got.push_back(std::move(row));
    }
    CHECK(got == want);
  }
}

}  // namespace leafseal::test
