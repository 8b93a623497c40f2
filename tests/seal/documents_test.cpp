// Whole documents of the reference, untouched and tampered with (testdata/vectors): opened, refused, and sealed anew.
#include <catch2/catch.hpp>

#include "leafseal/format.hpp"
#include "leafseal/sealed_document.hpp"
#include "support/vectors.hpp"

using namespace leafseal;
using test::vectors;

namespace {

struct Outcome {
  int code = 0;
  std::string canonical;
  std::string plain;
};

bool has_flag(const nlohmann::json& vector, const char* flag) {
  if (!vector.contains("flags")) return false;
  for (const auto& f : vector.at("flags")) {
    if (f == flag) return true;
  }
  return false;
}

Outcome open_vector(const nlohmann::json& v) {
  const Format& format = *format_by_name(v.at("format").get<std::string>());
  Outcome outcome;
  try {
    // A document without metadata has no key either.
    LeafCipher cipher(v.contains("data_key_hex") ? test::key_of(v, "data_key_hex") : SecretBytes(32));
    Document sealed = format.parse(v.at("encrypted").get<std::string>(), ParseMode::sealed);
    const Metadata metadata = read_metadata(sealed);
    OpenOptions options;
    options.ignore_mac = has_flag(v, "--ignore-mac");
    OpenedDocument opened = open_document(std::move(sealed), metadata, cipher, options);
    outcome.plain = plain_text(format, opened, cipher, nullptr);
    outcome.canonical = format.emit(plain_tree(std::move(opened)), {});
  } catch (const Error& error) {
    outcome.code = static_cast<int>(error.code());
  }
  return outcome;
}

}  // namespace

TEST_CASE("the reference's documents open to what the reference prints", "[documents]") {
  for (const auto& v : vectors().at("documents")) {
    const std::string name = v.at("name").get<std::string>();
    INFO(name);
    const Outcome outcome = open_vector(v);
    CHECK(outcome.code == 0);  // also where the reference fails on its own list comments (format.md 3.2)
    if (v.contains("reference_decrypt_output_base64") && v.at("reference_exit_code") == 0) {
      CHECK(outcome.canonical == test::from_base64(v.at("reference_decrypt_output_base64").get<std::string>()));
    }
  }
}

TEST_CASE("tampered documents are refused with the reference's codes [I14]", "[documents]") {
  for (const auto& v : vectors().at("documents_tampered")) {
    const std::string name = v.at("name").get<std::string>();
    INFO(name);
    const Outcome outcome = open_vector(v);
    if (name == "retag-str-as-bytes") continue;  // the reference crashes; either outcome is free
    CHECK(outcome.code == v.at("reference_exit_code").get<int>());
    // A comment in a foreign container stays sealed in the reference; here its tag tells where it belongs (format.md 7.4).
    if (name.find("moved-to-other-container") != std::string::npos) continue;
    if (outcome.code == 0 && v.contains("reference_decrypt_output_base64")) {
      CHECK(outcome.canonical == test::from_base64(v.at("reference_decrypt_output_base64").get<std::string>()));
    }
  }
}

TEST_CASE("sealing the vectors' plaintexts gives them back byte for byte", "[documents]") {
  for (const auto& v : vectors().at("documents")) {
    INFO(v.at("name").get<std::string>());
    if (!v.contains("plaintext_input_base64")) continue;
    const Format& format = *format_by_name(v.at("format").get<std::string>());
    const std::string plain = test::from_base64(v.at("plaintext_input_base64").get<std::string>());
    LeafCipher cipher(test::key_of(v, "data_key_hex"));
    Metadata metadata = read_metadata(format.parse(v.at("encrypted").get<std::string>(), ParseMode::sealed));
    metadata.layout.clear();
    SealOptions options;
    options.now = "2026-11-22T14:00:00Z";
    const SealedText sealed = seal_document(format, format.parse(plain, ParseMode::plain), metadata, cipher, options);
    Document document = format.parse(sealed.text, ParseMode::sealed);
    const Metadata written = read_metadata(document);
    const OpenedDocument opened = open_document(std::move(document), written, cipher, {});
    CHECK(plain_text(format, opened, cipher, nullptr) == plain);
  }
}
