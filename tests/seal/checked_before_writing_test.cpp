// F3: what is about to be written is read again first. A format that damages a token or loses a value on the way is
// caught, whatever its fault.
#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/format.hpp"
#include "leafseal/sealed_document.hpp"

using namespace leafseal;

namespace {

// JSON, but for one fault in what seal() writes.
class Faulty final : public Format {
 public:
  using Fault = std::function<void(std::string&)>;
  explicit Faulty(Fault token_fault, Fault metadata_fault = {})
      : fault_(std::move(token_fault)), metadata_fault_(std::move(metadata_fault)) {}
  FormatId id() const override { return json_.id(); }
  std::string_view name() const override { return json_.name(); }
  Document parse(std::string source, ParseMode mode) const override { return json_.parse(std::move(source), mode); }
  void seal(const Document& d, NodeId n, std::string_view token, Edits& edits) const override {
    Edits good;
    json_.seal(d, n, token, good);
    std::string text(good[0].text);
    fault_(text);
    edits.push_back({good[0].where, text});
  }
  Spelling lost_spelling(const Document& d, NodeId n) const override { return json_.lost_spelling(d, n); }
  void open(const Document& d, NodeId n, const Value& v, const Spelling& s, Edits& e) const override { json_.open(d, n, v, s, e); }
  void replace(const Document& d, NodeId n, const Document& v, NodeId vn, Edits& e) const override { json_.replace(d, n, v, vn, e); }
  void insert(const Document& d, NodeId p, std::string_view k, const Document& v, NodeId vn, Edits& e) const override {
    json_.insert(d, p, k, v, vn, e);
  }
  void remove(const Document& d, NodeId n, Edits& e) const override { json_.remove(d, n, e); }
  void write_metadata(const Document& d, const Document& m, NodeId n, Edits& e) const override {
    Edits good;
    json_.write_metadata(d, m, n, good);
    for (const Edit& edit : good) {
      std::string text(edit.text);
      if (metadata_fault_) metadata_fault_(text);
      e.push_back({edit.where, text});
    }
  }
  void remove_metadata(const Document& d, Edits& e) const override { json_.remove_metadata(d, e); }
  std::string emit(const Document& d, const EmitOptions& o) const override { return json_.emit(d, o); }
  std::string emit_value(const Document& d, NodeId n, const EmitOptions& o) const override { return json_.emit_value(d, n, o); }

 private:
  const Format& json_ = format_by_id(FormatId::json);
  Fault fault_, metadata_fault_;
};

std::string sealed_by(const Format& format) {
  Metadata metadata;
  metadata.keys.groups = {{{{RecipientKind::age, {{"recipient", "age1nobody"}}, {}, "the wrapped key\n"}}}};
  metadata.version = format_level;
  LeafCipher cipher(SecretBytes(32));
  SealOptions options;
  options.now = "2026-01-02T03:04:05Z";
  return seal_document(format, format.parse(R"({"a": "secret", "n": 5})", ParseMode::plain), metadata, cipher, options).text;
}

}  // namespace

TEST_CASE("a sealed text that would not open to the author's values is not given out [F3]", "[seal]") {
  CHECK_NOTHROW(sealed_by(Faulty([](std::string&) {})));
  const std::vector<std::function<void(std::string&)>> faults = {
      [](std::string& text) { text[25] = text[25] == 'A' ? 'B' : 'A'; text[text.find("tag:") + 5] = '+'; },
      [](std::string& text) { text = "\"lost\""; },
      [](std::string& text) { text = "7"; },
      [](std::string& text) { text.replace(text.find("type:"), 8, "type:boo"); },
      [](std::string& text) { text += ", \"more\": 1"; },
      [](std::string& text) { text = "null"; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    INFO("fault " << i);
    CHECK_THROWS_AS(sealed_by(Faulty(faults[i])), Error);
  }
}

TEST_CASE("a sealed text whose wrapped keys would not come back is not given out [F3]", "[seal]") {
  const auto none = [](std::string&) {};
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"the wrapped key\\n", "the wrapped key"}, {"age1nobody", "age1somebody"}, {"\"enc\"", "\"cne\""},
      {"\"age\"", "\"pgp\""}, {"the wrapped", "the\\u0000wrapped"}};
  for (const auto& [before, after] : faults) {
    INFO(before);
    bool found = false;
    const auto fault = [&](std::string& text) {
      const std::size_t at = text.find(before);
      if (at == std::string::npos) return;
      found = true;
      text.replace(at, before.size(), after);
    };
    CHECK_THROWS_AS(sealed_by(Faulty(none, fault)), Error);
    CHECK(found);
  }
}
