#include "recipients/key_service_server.hpp"

#include <algorithm>
#include <utility>

#include "leafseal/error.hpp"
#include "recipients/key_service_messages.hpp"
#include "recipients/registry.hpp"

namespace leafseal {
namespace {

std::string key_words(const RecipientEntry& entry) {
  switch (entry.kind) {
    case RecipientKind::pgp: return "PGP key with fingerprint " + entry.field("fp");
    case RecipientKind::kms: return "AWS KMS key with ARN " + entry.field("arn");
    case RecipientKind::gcp_kms: return "GCP KMS key with resource ID " + entry.field("resource_id");
    case RecipientKind::azure_kv: return "Azure Key Vault key with URL " + entry.id();
    case RecipientKind::hc_vault: return "Hashicorp Vault key with URI " + entry.id();
    case RecipientKind::hckms: return "HuaweiCloud KMS key with ID " + entry.field("key_id");
    case RecipientKind::age: return "age key with recipient " + entry.field("recipient");
  }
  return "Unknown key type";
}

GrpcStatus unknown_method(std::string_view path) {
  constexpr std::string_view service = "KeyService";
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string method = quoted(path.substr(std::min(slash + 1, path.size())));
  if (path.substr(0, slash) != service) {
    return {GrpcCode::unimplemented, "unknown service " + quoted(path.substr(0, slash))};
  }
  return {GrpcCode::unimplemented, "unknown method " + method + " for service " + std::string(service)};
}

GrpcReply use_key(const RecipientEntry& entry, KeyUse use, std::string_view payload, const Environment& environment) {
  const LocalRecipients keys(environment);
  const std::unique_ptr<Recipient> recipient = keys.make(entry);
  if (use == KeyUse::encrypt) return key_response(recipient->wrap(SecretBytes::copy_of(payload)));
  const UnwrapResult result = recipient->unwrap(payload);
  if (const auto* key = std::get_if<SecretBytes>(&result)) return key_response(key->view());
  return GrpcStatus{GrpcCode::unknown, std::get<UnwrapFailure>(result).reason};
}

}  // namespace

std::string describe_key(const RecipientEntry& entry) { return quoted(key_words(entry), 1024); }

GrpcReply serve_key(const KeyServiceCall& call, const Environment& environment, const KeyServiceWatch& watch) {
  if (call.path != encrypt_method && call.path != decrypt_method) return unknown_method(call.path);
  const KeyUse use = call.path == encrypt_method ? KeyUse::encrypt : KeyUse::decrypt;
  std::optional<KeyRequest> request = parse_key_request(call.message);
  if (!request) return GrpcStatus{GrpcCode::internal, "grpc: error unmarshalling request: no message of a key service"};
  if (!request->entry) {
    return GrpcStatus{GrpcCode::not_found, request->unknown_kind ? "Unknown key type" : "Must provide a key"};
  }
  RecipientEntry& entry = *request->entry;
  if (use == KeyUse::decrypt) entry.enc = request->payload;
  if (auto refusal = watch.approve(entry, use)) return *std::move(refusal);
  GrpcReply reply;
  try {
    reply = use_key(entry, use, request->payload, environment);
  } catch (const Error& error) {
    reply = GrpcStatus{GrpcCode::unknown, error.what()};
  }
  watch.used(entry, use, std::holds_alternative<std::string>(reply));
  return reply;
}

}  // namespace leafseal
