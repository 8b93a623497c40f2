#include "destinations/vault_kv.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "net/json_equality.hpp"
#include "recipients/vault_client.hpp"
#include "recipients/vault_hosts.hpp"

namespace leafseal {
namespace {

std::string with_slash(std::string text) { return text.ends_with('/') ? text : text + '/'; }

// The names of a path, as the reference joins them: empty ones count for nothing. What leads elsewhere is refused, and
// engines that hold policies and logins are no place for values: the path comes from a repository.
std::string checked_path(std::string_view path) {
  constexpr std::array own_engines = std::to_array<std::string_view>({"sys", "auth", "identity", "cubbyhole"});
  const auto refuse = [&] { return Error(ExitCode::generic, "no path of a key-value secret: " + quoted(path)); };
  std::string checked;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view name = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (name.empty()) continue;
    if (name == "." || name == "..")
      throw refuse().hint("vault_path and the mount's name go down only, without . and ..");
    if (checked.empty() && std::find(own_engines.begin(), own_engines.end(), name) != own_engines.end()) {
      throw refuse().hint("vault_kv_mount_name is the path of a key-value engine: vault secrets list");
    }
    checked += (checked.empty() ? "" : "/") + std::string(name);
  }
  return checked;
}

class VaultKvDestination final : public Destination {
 public:
  VaultKvDestination(const DestinationPlace& place, const Environment& environment)
      : address_(place.vault_address), environment_(environment), first_version_(place.vault_kv_version == 1) {
    folder_ = with_slash(place.vault_mount.empty() ? "secret" : place.vault_mount) + (first_version_ ? "" : "data/") +
              with_slash(place.vault_path);
  }

  bool takes_values() const override { return true; }

  std::string shown(const std::string& name) const override { return address() + "/v1/" + folder_ + name; }

  Stored store(const std::string& name, const std::string& values) const override {
    const std::string path = checked_path(folder_ + name);
    check_vault_destination(address(), environment_);
    if (holds(path, values)) return Stored::was_there;
    send(path, "PUT", first_version_ ? values : "{\"data\":" + values + "}");
    return Stored::written;
  }

 private:
  std::string address() const { return address_.empty() ? users_vault_address(environment_) : address_; }

  HttpResponse send(const std::string& path, const std::string& method, const std::string& body) const {
    VaultRequest request;
    request.method = method;
    request.address = address();
    request.path = path;
    request.body = body;
    request.by_agent = address_.empty();  // the rule's own address is meant as it stands
    request.token_file = false;           // as in the reference
    return send_to_vault(request, environment_);
  }

  // A server that does not let itself be read may still be written to; one that does not answer is not asked again.
  bool holds(const std::string& path, const std::string& values) const {
    try {
      const HttpResponse response = send(path, "GET", "");
      if (!response.ok()) return false;
      return first_version_ ? json_equals(response.body, {"data"}, values)
                            : json_equals(response.body, {"data", "data"}, values);
    } catch (const HttpError& error) {
      if (error.fault() != HttpFault::too_large) throw;
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
    }
    environment_.warn_secrecy("Cannot check if destination secret already exists in " + quoted(path, 1000) +
                              ". New version will be created even if the data has not been changed.");
    return false;
  }

  std::string address_;  // empty: the environment's
  const Environment& environment_;
  bool first_version_;
  std::string folder_;  // mount and path, each with a slash at its end
};

}  // namespace

std::unique_ptr<Destination> make_vault_kv_destination(const DestinationPlace& place, const Environment& environment) {
  return std::make_unique<VaultKvDestination>(place, environment);
}

}  // namespace leafseal
