#include "formats/binary_format.hpp"

#include <catch2/catch.hpp>

#include <random>

#include "support/golden.hpp"
#include "support/seal_cycle.hpp"

using namespace leafseal;
using namespace leafseal::testing;

namespace {
const Format& format() { return binary_format(); }
}  // namespace

TEST_CASE("any bytes come back from their JSON object", "[binary][L1]") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes;
    while (bytes.size() < size) bytes += static_cast<char>(random());
    REQUIRE(there_and_back(format(), bytes) == bytes);
  }
}

TEST_CASE("binary: sealed files are laid out as the reference lays them out", "[binary][golden]") {
  for (const auto& folder : golden_cases("bin-")) {
    CAPTURE(folder.filename().string());
    const std::string plain = read_part(folder, "plain"), sealed = read_part(folder, "encrypted");
    const Document document = format().parse(sealed, ParseMode::sealed);
    const Document author = format().parse(plain, ParseMode::plain);
    const NodeId token = document.find(document.roots[0], "data");
    Edits edits;
    if (!plain.empty()) format().seal(author, author[author.roots[0]].first_child, document[token].text, edits);
    format().write_metadata(author, document, document.metadata[0], edits);
    CHECK((apply_edits(plain, edits) == sealed));
    CHECK((format().emit(document, {}) == sealed));
    CHECK((format().emit(author, {}) == plain));
    edits.clear();
    if (!plain.empty()) format().open(document, token, Value::string(plain), {}, edits);
    format().remove_metadata(document, edits);
    CHECK((apply_edits(sealed, edits) == plain));
  }
}

TEST_CASE("binary: an object without a string `data` has nothing to print", "[binary]") {
  const auto refused = [](const std::string& text) {
    const Document document = format().parse(text, ParseMode::sealed);
    Edits edits;
    format().remove_metadata(document, edits);
  };
  CHECK_THROWS_WITH(refused(R"({"a": "x", "sops": {}})"), "error emitting binary store: no binary data found in tree");
  CHECK_THROWS_WITH(refused(R"({"data": 5, "sops": {}})"),
                    "error emitting binary store: 'data' key in tree does not have a string value");
  CHECK_THROWS_AS(format().parse("not JSON", ParseMode::sealed), Error);
}

TEST_CASE("binary: what stands beside the data is dropped", "[binary]") {
  const std::string text = R"({"x": "ENC[1]", "data": "ENC[2]", "sops": {}, "y": 1})";
  const Document document = format().parse(text, ParseMode::sealed);
  Edits edits;
  for (const char* key : {"x", "data"}) {
    format().open(document, document.find(document.roots[0], key), Value::string(key), {}, edits);
  }
  format().remove_metadata(document, edits);
  CHECK(apply_edits(text, edits) == "data");
}
