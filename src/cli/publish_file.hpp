// One file of `publish`: its rule, what is sent, the question, the upload (spec: config.md 4). Everything is prepared
// and verified before anything is asked or sent.
#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/key_services.hpp"
#include "destinations/registry.hpp"
#include "leafseal/destination_rules.hpp"

namespace leafseal::cli {

struct PublishOptions {
  bool asks = true;
  bool omit_extensions = false;
  bool recursive = false;  // a refusal is no failure, and the walk goes on
};

struct PublishedFile {
  std::string path;  // as given on the command line, or below the folder that was
  std::string name;  // at the destination, with its extension
};

// Without its last extension if that is to be cut. Throws Error{generic} where nothing would be left.
std::string name_at_destination(const std::string& name, bool omits_extension);

class Publisher {
 public:
  // All must outlive the object.
  Publisher(const Environment& environment, const CommandLine& line, const Config& config, PublishOptions options)
      : environment_(environment),
        line_(line),
        config_(config),
        services_(environment, line),
        destinations_(environment),
        options_(options) {
    services_.order();  // a mistake in it is told before any file is read
  }

  // Throws what is wrong with the rule, the file, its keys or the destination; then nothing was sent.
  void publish(const PublishedFile& file);

 private:
  std::string content_for(const Destination& destination, const DestinationRule& rule, const std::string& path) const;
  std::string sealed_anew(const Format& format, struct OpenedFile file, const CreationRule& rule) const;
  std::string values_of(struct OpenedFile file, const std::string& path) const;
  bool wanted(const std::string& path, const std::string& target) const;

  const Environment& environment_;
  const CommandLine& line_;
  const Config& config_;
  KeyServices services_;
  Destinations destinations_;
  PublishOptions options_;
};

}  // namespace leafseal::cli
