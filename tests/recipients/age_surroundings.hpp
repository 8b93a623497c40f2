// What the age tests share: an environment with a home of its own, and the golden keys.
#pragma once

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "base/file.hpp"
#include "base/process.hpp"
#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/age_recipient.hpp"

namespace leafseal::test {

inline const std::string golden = TESTDATA "/golden";

// An empty home, PATH of this process, no terminal; messages and questions are recorded.
struct AgeSurroundings {
  AgeSurroundings() {
    char pattern[] = "/tmp/leafseal-age-XXXXXX";
    directory = mkdtemp(pattern);
    environment.variables["HOME"] = directory;
    if (const char* path = std::getenv("PATH")) environment.variables["PATH"] = path;
    environment.err = [this](std::string_view text) { messages += text; };
    environment.ask_secret = [this](const std::string& prompt) -> std::optional<SecretBytes> {
      questions.push_back(prompt);
      if (answers.empty()) return std::nullopt;
      SecretBytes answer = SecretBytes::copy_of(answers.front());
      answers.erase(answers.begin());
      return answer;
    };
    environment.ask = [this](const std::string& prompt) -> std::optional<std::string> {
      questions.push_back(prompt);
      if (answers.empty()) return std::nullopt;
      std::string answer = answers.front();
      answers.erase(answers.begin());
      return answer;
    };
  }
  ~AgeSurroundings() { std::filesystem::remove_all(directory); }
  AgeSurroundings(const AgeSurroundings&) = delete;
  AgeSurroundings& operator=(const AgeSurroundings&) = delete;

  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }

  std::string write(const std::string& name, const std::string& content, mode_t mode = 0600) const {
    const std::string path = directory + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    write_file(path, content, Privacy::plaintext);
    chmod(path.c_str(), mode);
    return path;
  }

  // The data key as text, or "failed: REASON".
  std::string unwrap(const std::string& recipient, const std::string& enc) {
    AgeIdentities identities(environment);
    return unwrap(recipient, enc, identities);
  }
  std::string unwrap(const std::string& recipient, const std::string& enc, AgeIdentities& identities) {
    const RecipientEntry entry{RecipientKind::age, {{"recipient", recipient}}, {}, {}};
    const UnwrapResult result = make_age_recipient(entry, environment, identities)->unwrap(enc);
    if (const auto* failed = std::get_if<UnwrapFailure>(&result)) return "failed: " + failed->reason;
    return std::string(std::get<SecretBytes>(result).view());
  }
  std::string wrap(const std::string& recipient, const std::string& key) {
    AgeIdentities identities(environment);
    const RecipientEntry entry{RecipientKind::age, {{"recipient", recipient}}, {}, {}};
    return make_age_recipient(entry, environment, identities)->wrap(SecretBytes::copy_of(key));
  }

  // What the command prints on stdout; the test fails when it fails.
  std::string run(const std::vector<std::string>& words, const std::string& input = {}) {
    const ChildResult result = run_child(words, input, {}, environment);
    INFO(words.front() << ": " << result.errors);
    REQUIRE(result.exit_code == 0);
    return std::string(result.output.view());
  }
  bool has(const std::string& program) const {
    if (!find_program(program, environment).empty()) return true;
    WARN("SKIP peer " << program << " absent: apt install " << (program.starts_with("ssh") ? "openssh-client" : "age"));
    return false;
  }

  std::string directory;
  Environment environment;
  std::string messages;
  std::vector<std::string> questions;
  std::vector<std::string> answers;
};

inline std::string trimmed_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// The identity in an identity file, without its comments.
inline std::string identity_in(const std::string& path) {
  const std::string text = read_file(path);
  const std::size_t begin = text.find("AGE-");
  return text.substr(begin, text.find('\n', begin) - begin);
}

// The n-th age entry of a golden YAML case: its armored file, taken out of the block scalar.
inline std::string golden_enc(const std::string& name, int n = 0) {
  std::istringstream lines(read_file(golden + "/cases/" + name + "/encrypted.yaml"));
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (line.starts_with("-----BEGIN AGE") ? n-- == 0 : !out.empty()) out += line + "\n";
    if (!out.empty() && line.starts_with("-----END AGE")) break;
  }
  return out;
}

}  // namespace leafseal::test
