#include "cli/audit.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "cli/audit_database.hpp"
#include "config/audit_config.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

constexpr const char* audit_file = "/etc/sops/audit.yaml";
constexpr std::size_t audit_file_limit = std::size_t{1} << 20;

void warn_or_refuse(const Environment& environment, const std::string& what, const std::string& hint) {
  const std::string text = std::string(audit_file) + " " + what;
  if (environment.strict) throw Error(ExitCode::strict_refusal, text + ", and strict is on", {hint});
  environment.warn_once(text);
}

// Who may change the file decides whether anything is recorded.
void check_owner(int descriptor, const Environment& environment) {
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) return;
  const bool others = status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (others) warn_or_refuse(environment, "can be changed by others than root", "chown root and chmod go-w the file");
}

// Nothing: there is no audit here.
std::optional<std::string> read_audit_file(const Environment& environment) {
  const Descriptor file(::open(audit_file, O_RDONLY | O_CLOEXEC));
  std::string text;
  if (!file.open() && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (!file.open() || !read_all(file.get(), text, audit_file_limit)) {
    warn_or_refuse(environment, "cannot be read, and nothing is recorded: " + reason(errno), "let its readers read it");
    return std::nullopt;
  }
  check_owner(file.get(), environment);
  return text;
}

// The account's name, whatever the environment says.
std::string user_name() {
  std::vector<char> buffer(16384);
  passwd entry = {};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    throw Error(ExitCode::generic,
                "Error getting current user for auditing: user: unknown userid " + std::to_string(::getuid()));
  }
  return entry.pw_name;
}

const char* name_of(AuditedAction action) {
  switch (action) {
    case AuditedAction::encrypt:
      return "encrypt";
    case AuditedAction::decrypt:
      return "decrypt";
    case AuditedAction::rotate:
      break;
  }
  return "rotate";
}

// The databases of this process, connected when the first event comes. All of them must be there.
class Databases {
 public:
  void record(const Environment& environment, const AuditRow& row) {
    const std::lock_guard lock(mutex_);
    if (!known_) connect(environment);
    for (const auto& database : open_) database->insert(row);
  }

  void close() {
    const std::lock_guard lock(mutex_);
    open_.clear();
    known_ = false;
  }

 private:
  void connect(const Environment& environment) {
    const std::optional<std::string> text = read_audit_file(environment);
    std::vector<std::unique_ptr<AuditDatabase>> connected;
    if (text) {
      for (const std::string& connection : config::audit_databases(audit_file, *text)) {
        connected.push_back(std::make_unique<AuditDatabase>(connection));
      }
    }
    open_ = std::move(connected);
    known_ = true;
  }

  std::mutex mutex_;
  bool known_ = false;
  std::vector<std::unique_ptr<AuditDatabase>> open_;
};

Databases& databases() {
  static Databases all;
  return all;
}

}  // namespace

void audit(const Environment& environment, AuditedAction action, const std::string& path) {
  if (::access(audit_file, F_OK) != 0 && errno == ENOENT) return;
  try {
    databases().record(environment, {name_of(action), user_name(), absolute_path(path, environment.directory)});
  } catch (Error& error) {
    if (error.code() != ExitCode::strict_refusal) error.hint(std::string("what is recorded is said in ") + audit_file);
    throw;
  }
}

void end_audit() { databases().close(); }

}  // namespace leafseal::cli
