#include "config/audit_config.hpp"

#include <catch2/catch.hpp>

#include "leafseal/error.hpp"

using namespace leafseal;

namespace {

std::vector<std::string> read(const std::string& text) { return config::audit_databases("/etc/sops/audit.yaml", text); }

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    return error.what() + std::string(" ") + std::to_string(error.place().line);
  }
  return "none";
}

}  // namespace

TEST_CASE("the audit file names databases") {
  using Texts = std::vector<std::string>;
  CHECK(read("backends:\n  postgres:\n    - connection_string: a\n    - connection_string: 'b c'\n") ==
        Texts{"a", "b c"});
  CHECK(read("backends:\n  postgres:\n    - {other: 1}\n") == Texts{""});  // libpq's defaults, as for sops
  for (const char* nothing :
       {"", "~", "backends:\n", "backends: {postgres: }\n", "backends: {mysql: [a]}\n", "x: 1\n"}) {
    INFO(nothing);
    CHECK(read(nothing).empty());
  }
}

TEST_CASE("an audit file that is wrong is refused by its line, and no word of it is shown [L3]") {
  const std::string none = "/etc/sops/audit.yaml is no audit configuration ";
  CHECK(refusal("backends:\n  postgres: canary\n") == none + "2");
  CHECK(refusal("backends:\n  postgres:\n    - canary\n") == none + "3");
  CHECK(refusal("backends:\n  postgres:\n    - connection_string: [canary]\n") == none + "3");
  CHECK(refusal("backends: [canary]\n") == none + "1");
  CHECK(refusal("canary\n") == none + "1");
  CHECK(refusal("a: 'canary\n").starts_with(none));
}
