// The server of support/loopback_server.py, one for the whole test program.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

#include "base/process.hpp"
#include "leafseal/environment.hpp"
#include "leafseal/http.hpp"

namespace leafseal {

class LoopbackServer {
 public:
  static const LoopbackServer& get() {
    static LoopbackServer server;
    return server;
  }

  // `which`: http, tls, wrong, old, mutual, proxy. Ends without a slash.
  std::string url(const std::string& which, const std::string& host = "127.0.0.1") const {
    const bool plain = which == "http" || which == "proxy";
    return std::string(plain ? "http" : "https") + "://" + host + ":" + port(which);
  }
  std::string port(const std::string& which) const {
    std::istringstream words(" " + ports_);
    for (std::string word; words >> word;) {
      if (word.starts_with(which + "=")) return word.substr(which.size() + 1);
    }
    return "0";
  }
  std::string file(const std::string& name) const { return folder_ + "/" + name; }

  static Environment environment() {
    Environment environment;
    environment.variables["PATH"] = std::getenv("PATH");
    environment.clock = [] { return std::time(nullptr); };
    environment.err = [](std::string_view) {};
    return environment;
  }

 private:
  LoopbackServer() {
    char pattern[] = "/tmp/lsn-XXXXXX";
    folder_ = mkdtemp(pattern);
    child_ =
        std::make_unique<ChildPipe>(std::vector<std::string>{"python3", TESTS "/support/loopback_server.py", folder_},
                                    ChildOptions{}, environment());
    ports_ = child_->read_line().value_or("");
  }
  ~LoopbackServer() {
    child_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string folder_;
  std::unique_ptr<ChildPipe> child_;
  std::string ports_;
};

}  // namespace leafseal
