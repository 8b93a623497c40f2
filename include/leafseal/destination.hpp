// Destination: a place that `publish` puts a file to - a bucket, or a path of a Vault server (spec: config.md 4,
// reference-stores.md 1). One kind of destination, one file under src/destinations. A bucket gets the sealed file,
// Vault the decrypted values as JSON: whoever publishes asks takes_values() and prepares the content.
//
// Where it lies comes from a repository's config, which is not trusted (security.md 4, 5): hosts are checked, and what
// is named becomes part of a host name or a path only in a form that leads nowhere else.
#pragma once

#include <cstdint>
#include <string>

namespace leafseal {

enum class DestinationKind : std::uint8_t { none, s3, gcs, vault };

// As a destination rule writes it.
struct DestinationPlace {
  DestinationKind kind = DestinationKind::none;
  std::string bucket;         // S3, GCS
  std::string prefix;         // of the object's name; no slash is added
  std::string vault_address;  // empty: VAULT_ADDR
  std::string vault_path;
  std::string vault_mount;   // empty: secret/
  int vault_kv_version = 0;  // all but 1 is 2

  bool operator==(const DestinationPlace&) const = default;
};

enum class Stored : std::uint8_t { written, was_there };  // was_there: the same values, so nothing was sent

class Destination {
 public:
  virtual ~Destination() = default;
  virtual bool takes_values() const { return false; }
  // Where a file of that name goes, as the reference shows it: s3://BUCKET/PREFIXNAME.
  virtual std::string shown(const std::string& name) const = 0;
  // The whole content under that name, or nothing. Throws Error{generic} with the service's reason, HttpError,
  // Error{strict_refusal}.
  virtual Stored store(const std::string& name, const std::string& content) const = 0;
};

}  // namespace leafseal
