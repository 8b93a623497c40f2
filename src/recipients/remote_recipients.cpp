#include "recipients/remote_recipients.hpp"

#include <unistd.h>

#include <algorithm>

#include "leafseal/error.hpp"
#include "recipients/azure_key_vault.hpp"
#include "recipients/key_service_messages.hpp"
#include "recipients/wrapped_form.hpp"

namespace leafseal {
namespace {

bool is_scheme(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

void warn_or_refuse(const std::string& what, const std::string& hint, const Environment& environment) {
  if (environment.strict) throw Error(ExitCode::strict_refusal, what + ", and strict is on", {hint});
  environment.warn_once(what);
}

void check_place(const Endpoint& endpoint, const Environment& environment) {
  if (is_local(endpoint)) return;
  warn_or_refuse("the data key goes to " + quoted(endpoint.text()) + " without encryption or authentication",
                 "forward the port through ssh, and name 127.0.0.1", environment);
}

void check_peer(int socket, const Endpoint& endpoint, const Environment& environment) {
  const auto user = peer_user(socket);
  if (!user || *user == 0 || *user == ::geteuid()) return;
  warn_or_refuse("user " + std::to_string(*user) + " holds " + quoted(endpoint.text()) + " and gets the data key",
                 "start a key service of your own", environment);
}

// What a server says may have several lines. Nothing in it may reach the terminal as a control sequence.
std::string shown(const GrpcStatus& status) {
  constexpr std::size_t longest = 8192;
  const std::string text = status.text();
  std::string_view rest = std::string_view(text).substr(0, longest);
  std::string out;
  for (;;) {
    const std::size_t end = rest.find('\n');
    out += quoted(rest.substr(0, end), longest);
    if (end == std::string_view::npos) return out;
    out += '\n';
    rest.remove_prefix(end + 1);
  }
}

std::string hint_for(const GrpcStatus& status, const Endpoint& endpoint) {
  switch (status.code) {
    case GrpcCode::unavailable:
      if (status.message.find("Error while dialing") != std::string::npos) {
        return "nobody answers at " + quoted(endpoint.text()) + ": is the key service running?";
      }
      if (status.message.find("server preface") != std::string::npos) {
        return "what answers at " + quoted(endpoint.text()) + " is no key service";
      }
      return "";
    case GrpcCode::deadline_exceeded:
      return "the server at " + quoted(endpoint.text()) + " takes connections and does not answer";
    case GrpcCode::unimplemented: return "what answers at " + quoted(endpoint.text()) + " is no key service";
    default: return "";
  }
}

class RemoteRecipient final : public Recipient {
 public:
  RemoteRecipient(const RecipientEntry& entry, const Endpoint& endpoint, GrpcChannel& channel,
                  const Environment& environment)
      : entry_(entry), endpoint_(endpoint), channel_(channel), environment_(environment) {}

  std::string wrap(const SecretBytes& key) const override {
    RecipientEntry wrapped = entry_;
    wrapped.enc = ask(encrypt_method, key.view());
    const std::string problem = wrapped_form_problem(wrapped);
    if (problem.empty()) return wrapped.enc;
    throw Error(ExitCode::generic, "the wrapped key that " + quoted(endpoint_.text()) + " answers with " + problem);
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    try {
      const std::string key = ask(decrypt_method, enc);
      if (!key.empty()) return SecretBytes::copy_of(key);
      return UnwrapFailure{quoted(endpoint_.text()) + " answers without a key", ""};
    } catch (const Error& error) {
      return UnwrapFailure{error.what(), error.hints().empty() ? "" : error.hints().front()};
    }
  }

 private:
  std::string ask(std::string_view method, std::string_view payload) const {
    check_place(endpoint_, environment_);
    const GrpcReply reply = channel_.call(method, key_request(entry_, payload));
    if (const auto* status = std::get_if<GrpcStatus>(&reply)) {
      Error error(ExitCode::generic, shown(*status));
      const std::string hint = hint_for(*status, endpoint_);
      if (!hint.empty()) error.hint(hint);
      throw error;
    }
    const auto answer = parse_key_response(std::get<std::string>(reply));
    if (!answer) {
      throw Error(ExitCode::generic, GrpcStatus{GrpcCode::internal, "the answer is no message of a key service"}.text());
    }
    return std::string(*answer);
  }

  const RecipientEntry& entry_;
  const Endpoint& endpoint_;
  GrpcChannel& channel_;
  const Environment& environment_;
};

}  // namespace

std::optional<Endpoint> parse_service_address(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || !is_scheme(std::string_view(text).substr(0, colon)) ||
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return std::nullopt;
  }
  Endpoint endpoint{text.substr(0, colon), text.substr(colon + 1)};
  for (char& c : endpoint.network) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const bool slashes = endpoint.address.starts_with("//");
  if (slashes) endpoint.address.erase(0, 2);
  if (endpoint.is_unix()) return endpoint;
  if (!slashes) return std::nullopt;
  endpoint.address.resize(std::min(endpoint.address.find_first_of("/?#"), endpoint.address.size()));
  return endpoint;
}

RemoteRecipients::RemoteRecipients(Endpoint endpoint, const Environment& environment)
    : endpoint_(std::move(endpoint)), environment_(environment),
      channel_(endpoint_, [this](int socket) { check_peer(socket, endpoint_, environment_); }),
      azure_(environment) {}

std::unique_ptr<Recipient> RemoteRecipients::make(const RecipientEntry& entry) const {
  return std::make_unique<RemoteRecipient>(entry, endpoint_, channel_, environment_);
}

void RemoteRecipients::complete(RecipientEntry& entry) const {
  if (entry.kind == RecipientKind::azure_kv) name_azure_version(entry, environment_, azure_);
}

}  // namespace leafseal
