// The one file that knows libpq.
#include "cli/audit_database.hpp"

#include <dlfcn.h>
#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <new>
#include <string_view>
#include <type_traits>

#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

struct Libpq {
  decltype(&PQconninfoParse) parse = nullptr;
  decltype(&PQconninfoFree) free_parsed = nullptr;
  decltype(&PQfreemem) free_text = nullptr;
  decltype(&PQconnectdbParams) connect = nullptr;
  decltype(&PQfinish) finish = nullptr;
  decltype(&PQstatus) status = nullptr;
  decltype(&PQhost) host = nullptr;
  decltype(&PQdb) database = nullptr;
  decltype(&PQerrorMessage) error_message = nullptr;
  decltype(&PQsetnonblocking) set_nonblocking = nullptr;
  decltype(&PQsendQueryParams) send_query = nullptr;
  decltype(&PQflush) flush = nullptr;
  decltype(&PQsocket) socket = nullptr;
  decltype(&PQconsumeInput) consume_input = nullptr;
  decltype(&PQisBusy) is_busy = nullptr;
  decltype(&PQgetResult) get_result = nullptr;
  decltype(&PQresultStatus) result_status = nullptr;
  decltype(&PQresultErrorMessage) result_error = nullptr;
  decltype(&PQclear) clear = nullptr;
  bool usable = false;

  Libpq() {
    void* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return;
    const auto find = [&](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
      return function != nullptr;
    };
    usable = find(parse, "PQconninfoParse") && find(free_parsed, "PQconninfoFree") && find(free_text, "PQfreemem") &&
             find(connect, "PQconnectdbParams") && find(finish, "PQfinish") && find(status, "PQstatus") &&
             find(host, "PQhost") && find(database, "PQdb") && find(error_message, "PQerrorMessage") &&
             find(set_nonblocking, "PQsetnonblocking") && find(send_query, "PQsendQueryParams") &&
             find(flush, "PQflush") && find(socket, "PQsocket") && find(consume_input, "PQconsumeInput") &&
             find(is_busy, "PQisBusy") && find(get_result, "PQgetResult") && find(result_status, "PQresultStatus") &&
             find(result_error, "PQresultErrorMessage") && find(clear, "PQclear");
  }
};

const Libpq& libpq() {
  static const Libpq library;
  if (!library.usable) {
    throw Error(ExitCode::generic, "libpq.so.5 cannot be loaded, and the audit log needs it",
                {"install it: apt-get install libpq5"});
  }
  return library;
}

// What libpq or the server says, in one line: the rest are positions and advice for people who write SQL.
std::string first_line(const char* text) {
  const std::string_view all = text == nullptr ? "" : text;
  return quoted(all.substr(0, all.find('\n')), 300);
}

// A password with a character that should have been escaped ends up in one of these, and messages name them.
bool is_odd(const PQconninfoOption& option) {
  const std::string_view keyword = option.keyword;
  const std::string_view value = option.val == nullptr ? "" : option.val;
  if (keyword == "port") return value.find_first_not_of("0123456789,") != std::string_view::npos;
  if (keyword == "dbname") return value.find_first_of("@:?") != std::string_view::npos;
  return (keyword == "host" || keyword == "hostaddr") && value.find_first_of("@? ") != std::string_view::npos;
}

// libpq's own words quote the text, password and all: they are not shown.
void check_syntax(const std::string& connection) {
  char* problem = nullptr;
  PQconninfoOption* parsed = libpq().parse(connection.c_str(), &problem);
  libpq().free_text(problem);
  bool good = parsed != nullptr;
  for (const PQconninfoOption* option = parsed; good && option->keyword != nullptr; ++option) good = !is_odd(*option);
  libpq().free_parsed(parsed);
  if (good) return;
  throw Error(ExitCode::generic, "a connection_string of the audit log is none",
              {"write postgres://USER:PASSWORD@HOST/DATABASE, with %XX for odd characters, or host=... dbname=..."});
}

}  // namespace

struct AuditDatabase::Connection {
  PGconn* handle = nullptr;

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (handle != nullptr) libpq().finish(handle);
  }

  std::string name() const {
    const char* host = libpq().host(handle);
    const char* database = libpq().database(handle);
    return "database " + quoted(database == nullptr ? "" : database) + " on " + quoted(host == nullptr ? "" : host);
  }

  Error failure(const std::string& what, const char* why) const {
    return {ExitCode::generic, what + name() + ": " + first_line(why)};
  }

  // Waits until the answer to the INSERT is there.
  void wait_for_answer() const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (int unsent = libpq().flush(handle); unsent != 0 || libpq().is_busy(handle) != 0;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      pollfd watched{libpq().socket(handle), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
      if (unsent < 0) throw failure("Failed to insert audit record: ", libpq().error_message(handle));
      if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0) {
        throw failure("Failed to insert audit record: ", "no answer in time");
      }
      if (libpq().consume_input(handle) == 0) {
        throw failure("Failed to insert audit record: ", libpq().error_message(handle));
      }
      unsent = libpq().flush(handle);
    }
  }
};

AuditDatabase::AuditDatabase(const std::string& connection) : connection_(std::make_unique<Connection>()) {
  check_syntax(connection);
  // The string is expanded in the place of dbname, and what it says wins over what stands before.
  const std::array<const char*, 6> names = {
      "sslmode", "connect_timeout", "gssencmode", "fallback_application_name", "dbname", nullptr};
  const std::array<const char*, 6> values = {"require", "10", "disable", "leafseal", connection.c_str(), nullptr};
  connection_->handle = libpq().connect(names.data(), values.data(), 1);
  PGconn* handle = connection_->handle;
  if (handle == nullptr) throw std::bad_alloc();
  if (libpq().status(handle) != CONNECTION_OK) {
    throw connection_->failure("one or more audit backends reported errors, exiting: ", libpq().error_message(handle));
  }
  libpq().set_nonblocking(handle, 1);
}

AuditDatabase::~AuditDatabase() = default;

void AuditDatabase::insert(const AuditRow& row) {
  constexpr const char* statement = "INSERT INTO audit_event (action, username, file) VALUES ($1, $2, $3)";
  const std::array<const char*, 3> values = {row.action.c_str(), row.user.c_str(), row.file.c_str()};
  PGconn* handle = connection_->handle;
  if (libpq().send_query(handle, statement, 3, nullptr, values.data(), nullptr, nullptr, 0) == 0) {
    throw connection_->failure("Failed to insert audit record: ", libpq().error_message(handle));
  }
  bool stored = true;
  std::string why;
  for (connection_->wait_for_answer(); PGresult* result = libpq().get_result(handle); connection_->wait_for_answer()) {
    if (libpq().result_status(result) != PGRES_COMMAND_OK) {
      stored = false;
      why = first_line(libpq().result_error(result));
    }
    libpq().clear(result);
  }
  if (!stored) throw connection_->failure("Failed to insert audit record: ", why.c_str());
}

}  // namespace leafseal::cli
