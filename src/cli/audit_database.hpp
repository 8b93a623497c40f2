// A PostgreSQL database that keeps an audit log: one connection, one INSERT a row, in the table that sops documents.
// libpq is opened on first use. A server that is silent is an error after ten seconds of connecting or thirty of
// inserting.
#pragma once

#include <memory>
#include <string>

namespace leafseal::cli {

struct AuditRow {
  std::string action;
  std::string user;
  std::string file;
};

class AuditDatabase {
 public:
  // `connection`: a URL or keywords, as libpq reads them; without sslmode it must be TLS, as for sops. Throws
  // Error{generic} that names host and database and nothing else of it (security.md L3).
  explicit AuditDatabase(const std::string& connection);
  ~AuditDatabase();
  AuditDatabase(const AuditDatabase&) = delete;
  AuditDatabase& operator=(const AuditDatabase&) = delete;

  void insert(const AuditRow& row);  // Throws Error{generic} unless the server has stored it

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace leafseal::cli
