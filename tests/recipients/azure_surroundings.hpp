// For the tests of Azure's recipients: an application's certificate, made by the openssl command once for the test
// program, and programs that stand for az, azd and pwsh.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/file.hpp"
#include "base/process.hpp"

namespace leafseal {

class AzureSurroundings {
 public:
  // With own.pem, new.pfx and old.pfx (password "secret").
  static const std::string& certificates() {
    static const AzureSurroundings once;
    return once.folder_;
  }

  // A program that prints `text`, in a folder for a PATH.
  static void add_tool(const std::string& folder, const std::string& name, const std::string& script) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/" + name) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(folder + "/" + name, std::filesystem::perms::owner_all);
  }

  AzureSurroundings(const AzureSurroundings&) = delete;
  AzureSurroundings& operator=(const AzureSurroundings&) = delete;

 private:
  AzureSurroundings() {
    char pattern[] = "/tmp/lsz-XXXXXX";
    folder_ = mkdtemp(pattern);
    openssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder_ + "/key", "-out", folder_ + "/crt",
             "-subj", "/CN=own", "-days", "2"});
    std::ofstream(folder_ + "/own.pem") << read_file(folder_ + "/crt") << read_file(folder_ + "/key");
    openssl({"pkcs12", "-export", "-inkey", folder_ + "/key", "-in", folder_ + "/crt", "-out", folder_ + "/new.pfx",
             "-passout", "pass:secret"});
    openssl({"pkcs12", "-export", "-legacy", "-inkey", folder_ + "/key", "-in", folder_ + "/crt", "-out",
             folder_ + "/old.pfx", "-passout", "pass:secret"});
  }
  ~AzureSurroundings() { std::filesystem::remove_all(folder_); }

  static void openssl(std::vector<std::string> words) {
    Environment environment;
    environment.variables = {{"PATH", "/usr/bin:/bin"}, {"HOME", "/"}};
    words.insert(words.begin(), "openssl");
    run_child(words, "", {}, environment);
  }

  std::string folder_;
};

}  // namespace leafseal
