// The shared age vectors of C2SP CCTV: one file a case, a header that says what must happen, an empty line, and the
// age file.
#include <openssl/sha.h>
#include <zlib.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "base/file.hpp"
#include "recipients/age.hpp"
#include "recipients/age_armor.hpp"
#include "recipients/age_identity_file.hpp"
#include "recipients/age_scrypt.hpp"

using namespace leafseal;

namespace {

struct Vector {
  std::multimap<std::string, std::string> header;
  std::string file;
  std::string get(const std::string& name) const {
    const auto found = header.find(name);
    return found == header.end() ? "" : found->second;
  }
};

std::string inflated(const std::string& data) {
  for (std::size_t room = 1 << 20;; room *= 4) {
    std::string out(room, '\0');
    uLongf size = out.size();
    const int result = uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                  reinterpret_cast<const Bytef*>(data.data()), data.size());
    if (result == Z_BUF_ERROR && room < std::size_t{1} << 28) continue;
    REQUIRE(result == Z_OK);
    out.resize(size);
    return out;
  }
}

Vector read_vector(const std::string& path) {
  const std::string text = read_file(path);
  std::string_view rest = text;
  Vector vector;
  for (;;) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    REQUIRE(colon != std::string_view::npos);
    const std::string name(line.substr(0, colon));
    // A key that is not known could change what a case means.
    REQUIRE(std::set<std::string>{"expect", "payload", "identity", "passphrase", "armored", "file key", "comment",
                                  "compressed"}
                .count(name) == 1);
    vector.header.emplace(name, line.substr(colon + 2));
  }
  vector.file = rest;
  if (vector.get("compressed") == "zlib") vector.file = inflated(vector.file);
  return vector;
}

age::Identities identities_of(const Vector& vector, const Environment& environment) {
  age::Identities out;
  for (const auto& [name, value] : vector.header) {
    if (name == "identity")
      for (auto& identity : age::parse_identities(value, "vector", age::PerLine::one, environment))
        out.push_back(std::move(identity));
    if (name == "passphrase")
      out.push_back(std::make_unique<age::ScryptIdentity>([text = value] { return SecretBytes::copy_of(text); }));
  }
  return out;
}

std::string hex_sha256(std::string_view text) {
  std::array<unsigned char, 32> hash;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  std::string out;
  for (const unsigned char byte : hash) {
    char digits[3];
    snprintf(digits, sizeof digits, "%02x", byte);
    out += digits;
  }
  return out;
}

// What happened, in the words of the vectors.
std::string outcome(const Vector& vector, const age::Identities& identities) {
  std::vector<age::Identity*> pointers;
  for (const auto& identity : identities) pointers.push_back(identity.get());
  age::OpenedFile opened;
  try {
    opened = age::open_file(vector.get("armored") == "yes" ? age::remove_armor(vector.file) : vector.file, pointers);
  } catch (const age::NoMatch&) {
    return "no match";
  } catch (const Error& error) {
    const std::string text = error.what();
    if (text.find("invalid armor: ") != std::string::npos) return "armor failure";
    if (text.find("bad header MAC") != std::string::npos) return "HMAC failure";
    if (text.find("not supported") != std::string::npos) return "unsupported";
    return "header failure";
  }
  try {
    const SecretBytes payload = age::read_payload(opened);
    return hex_sha256(payload.view()) == vector.get("payload") ? "success" : "another payload";
  } catch (const Error&) {
    return "payload failure";
  }
}

bool is_hybrid(const std::string& name) { return name.find("hybrid") != std::string::npos; }

}  // namespace

TEST_CASE("age: every CCTV vector ends as it says", "[P6]") {
  const Environment environment;
  std::map<std::string, int> seen;
  for (const auto& entry : std::filesystem::directory_iterator(TESTDATA "/age-cctv")) {
    const std::string name = entry.path().filename();
    if (name == "README.md") continue;
    const Vector vector = read_vector(entry.path().string());
    const std::string result = outcome(vector, identities_of(vector, environment));
    INFO(name << ": " << vector.get("comment"));
    // Post-quantum stanzas are not served; a header that does not parse is refused before that shows.
    if (is_hybrid(name))
      CHECK((result == "unsupported" || result == vector.get("expect")));
    else
      CHECK(result == vector.get("expect"));
    seen[is_hybrid(name) ? "hybrid" : "native"] += 1;
  }
  CHECK(seen["native"] + seen["hybrid"] == 143);
  CHECK(seen["native"] >= 110);
}
