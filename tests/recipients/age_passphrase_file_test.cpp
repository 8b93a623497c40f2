// Identity files under a passphrase: from the terminal, and from a gpg-agent that a thread of the test plays.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "age_surroundings.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

const std::string passphrase = "test-only-golden";

// Serves one connection after the other: greets, answers each line by `answer`, and keeps all lines.
class FakeAgent {
 public:
  FakeAgent(const std::string& path, std::string passphrase_answer) : answer_(std::move(passphrase_answer)) {
    listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    REQUIRE(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(listener_, 8) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  // The requests so far, and the end of the service.
  std::vector<std::string> stop() {
    if (thread_.joinable()) {
      shutdown(listener_, SHUT_RDWR);
      thread_.join();
      close(listener_);
    }
    return lines_;
  }
  ~FakeAgent() { stop(); }
  FakeAgent(const FakeAgent&) = delete;
  FakeAgent& operator=(const FakeAgent&) = delete;

 private:
  void serve() {
    for (int connection; (connection = accept(listener_, nullptr, nullptr)) >= 0; close(connection)) {
      say(connection, "OK Pleased to meet you");
      std::string line;
      for (char c; read(connection, &c, 1) == 1;) {
        if (c != '\n') {
          line.push_back(c);
          continue;
        }
        if (!line.starts_with("OPTION")) lines_.push_back(line);
        say(connection, line.starts_with("GET_PASSPHRASE") ? answer_ : "OK");
        line.clear();
      }
    }
  }
  static void say(int connection, const std::string& text) {
    const std::string line = text + "\n";
    static_cast<void>(send(connection, line.data(), line.size(), MSG_NOSIGNAL));
  }

  std::string answer_;
  int listener_ = -1;
  std::thread thread_;
  std::vector<std::string> lines_;
};

std::string hex(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out.push_back("0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4]);
    out.push_back("0123456789ABCDEF"[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

struct WithLockedKeys : AgeSurroundings {
  WithLockedKeys() { set("SOPS_AGE_KEY_FILE", golden + "/keys/age/a5-passphrase.age"); }
  std::string open() { return unwrap("RCPT", golden_enc("to-age-passphrase-identity-file")); }
  // As the agent is asked for this file: the hash is that of the file without armor, in the reference's form.
  std::string request() const {
    return "GET_PASSPHRASE " + cache_id + " X Passphrase Enter+passphrase+for+identity+%27SOPS_AGE_KEY_FILE%27%3A";
  }
  // Printed by the reference when it asked an agent of the same kind as the one above.
  const std::string cache_id = trimmed_line(read_file(TESTDATA "/age/agent_cache_id.txt"));
};

}  // namespace

TEST_CASE("age: a passphrase comes from the terminal where there is no agent") {
  WithLockedKeys s;
  s.answers = {passphrase};
  CHECK(s.open().size() == 32);
  CHECK(s.questions == std::vector<std::string>{"Enter passphrase for identity 'SOPS_AGE_KEY_FILE': "});

  const std::string start = "failed: failed to create reader for decrypting sops data key with age: ";
  s.answers = {"wrong"};
  CHECK(s.open().starts_with(start + "incorrect passphrase. Did not find keys in locations"));
  s.answers = {""};
  CHECK(s.open().starts_with(start + "failed to decrypt identity file: passphrase can't be empty"));
  CHECK(s.open().starts_with(start + "failed to decrypt identity file: could not read passphrase"));
}

TEST_CASE("age: one passphrase serves all recipients of a run") {
  WithLockedKeys s;
  s.answers = {passphrase};
  AgeIdentities identities(s.environment);
  const std::string enc = golden_enc("to-age-passphrase-identity-file");
  CHECK(s.unwrap("RCPT", enc, identities).size() == 32);
  CHECK(s.unwrap("RCPT", enc, identities).size() == 32);
  CHECK(s.questions.size() == 1);
  CHECK(s.unwrap("RCPT", golden_enc("to-age-env-key"), identities).find("did not match") != std::string::npos);
}

TEST_CASE("age: a passphrase comes from gpg-agent, asked as the reference asks") {
  for (const std::string place : {"GPG_AGENT_INFO", "HOME", "XDG_RUNTIME_DIR"}) {
    INFO(place);
    WithLockedKeys s;
    std::filesystem::create_directories(s.directory + "/.gnupg");
    std::filesystem::create_directories(s.directory + "/run/gnupg");
    std::string socket = s.directory + "/.gnupg/S.gpg-agent";
    if (place == "GPG_AGENT_INFO") s.set(place, (socket = s.directory + "/agent") + ":123:1");
    if (place == "XDG_RUNTIME_DIR") {
      s.set(place, s.directory + "/run");
      socket = s.directory + "/run/gnupg/S.gpg-agent";
    }
    FakeAgent agent(socket, "OK " + hex(passphrase));
    CHECK(s.open().size() == 32);
    CHECK(s.questions.empty());
    CHECK(agent.stop() == std::vector<std::string>{s.request()});
  }
}

TEST_CASE("age: a wrong passphrase is taken out of the agent's memory") {
  WithLockedKeys s;
  const std::string socket = s.directory + "/agent";
  s.set("GPG_AGENT_INFO", socket);
  struct Row {
    std::string answer;
    std::string reason;
    bool forgotten;
  };
  const Row rows[] = {
      {"OK " + hex("wrong"), "incorrect passphrase", true},
      {"OK", "failed to decrypt identity file: passphrase can't be empty", true},
      {"ERR 83886179 Operation cancelled <Pinentry>",
       "failed to decrypt identity file: could not read passphrase: gpg-agent passphrase request errored: gpgagent: "
       "Cancel",
       false},
      {"OK 4", "failed to decrypt identity file: could not read passphrase: gpg-agent passphrase request errored: the "
               "agent's answer is not in hex", false},
  };
  for (const Row& row : rows) {
    INFO(row.answer);
    std::filesystem::remove(socket);
    FakeAgent agent(socket, row.answer);
    CHECK(s.open().starts_with("failed: failed to create reader for decrypting sops data key with age: " + row.reason));
    std::vector<std::string> wanted = {s.request()};
    if (row.forgotten) wanted.push_back("CLEAR_PASSPHRASE " + s.cache_id);
    CHECK(agent.stop() == wanted);
  }
}
