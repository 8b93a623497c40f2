// The flags that several commands share, in groups (spec: cli.md 2). A flag means the same wherever it stands.
#pragma once

#include "cli/options.hpp"

namespace leafseal::cli {

inline constexpr std::array own_flags = std::to_array<Flag>({
    {"verbose", '\0', FlagKind::toggle, "", "", "print every warning"},
    {"quiet", 'q', FlagKind::toggle, "", "", "print no progress, and no warning but those about secrecy"},
    {"color", '\0', FlagKind::text, "", "WHEN", "auto (on a terminal), always or never"},
    {"strict", '\0', FlagKind::toggle, "LEAFSEAL_STRICT", "",
     "refuse what otherwise is a warning about secrecy (exit 10)"},
    {"help", 'h', FlagKind::toggle, "", "", "show this help"},
});

inline constexpr std::array input_type_flag = std::to_array<Flag>({
    {"input-type", '\0', FlagKind::text, "", "TYPE", "yaml, json, dotenv, ini or binary; otherwise by the file's name"},
});

inline constexpr std::array output_type_flag = std::to_array<Flag>({
    {"output-type", '\0', FlagKind::text, "", "TYPE", "the same for what is written"},
});

inline constexpr auto type_flags = joined(input_type_flag, output_type_flag);

inline constexpr std::array output_flags = std::to_array<Flag>({
    {"in-place", 'i', FlagKind::toggle, "", "", "write the result into the file itself"},
    {"output", '\0', FlagKind::text, "", "FILE", "write the result to FILE"},
    {"filename-override", '\0', FlagKind::text, "", "NAME", "use NAME to choose rule and format"},
});

inline constexpr std::array recipient_flags = std::to_array<Flag>({
    {"age", 'a', FlagKind::text, "SOPS_AGE_RECIPIENTS", "LIST", "age recipients, separated by commas"},
    {"pgp", 'p', FlagKind::text, "SOPS_PGP_FP", "LIST", "OpenPGP fingerprints"},
    {"kms", 'k', FlagKind::text, "SOPS_KMS_ARN", "LIST", "AWS KMS ARNs, each optionally +ROLE"},
    {"aws-profile", '\0', FlagKind::text, "", "NAME", "the AWS profile stored with the ARNs"},
    {"gcp-kms", '\0', FlagKind::text, "SOPS_GCP_KMS_IDS", "LIST", "Google Cloud KMS resource ids"},
    {"hckms", '\0', FlagKind::text, "SOPS_HUAWEICLOUD_KMS_IDS", "LIST", "Huawei Cloud KMS keys, REGION:UUID"},
    {"azure-kv", '\0', FlagKind::text, "SOPS_AZURE_KEYVAULT_URLS", "LIST", "Azure Key Vault key URLs"},
    {"hc-vault-transit", '\0', FlagKind::text, "SOPS_VAULT_URIS", "LIST", "HashiCorp Vault or OpenBao transit key URIs"},
    {"shamir-secret-sharing-threshold", '\0', FlagKind::number, "", "N", "how many key groups are needed to open"},
});

inline constexpr std::array context_flag = std::to_array<Flag>({
    {"encryption-context", '\0', FlagKind::text, "", "LIST", "AWS KMS encryption context, KEY:VALUE"},
});

inline constexpr std::array selector_flags = std::to_array<Flag>({
    {"unencrypted-suffix", '\0', FlagKind::text, "", "TEXT", "leave keys in clear that end so"},
    {"encrypted-suffix", '\0', FlagKind::text, "", "TEXT", "encrypt only keys that end so"},
    {"unencrypted-regex", '\0', FlagKind::text, "", "REGEX", "leave keys in clear that match"},
    {"encrypted-regex", '\0', FlagKind::text, "", "REGEX", "encrypt only keys that match"},
});

inline constexpr std::array comment_selector_flags = std::to_array<Flag>({
    {"unencrypted-comment-regex", '\0', FlagKind::text, "", "REGEX", "leave what stands under a matching comment in clear"},
    {"encrypted-comment-regex", '\0', FlagKind::text, "", "REGEX", "encrypt only what stands under a matching comment"},
});

inline constexpr std::array key_service_flags = std::to_array<Flag>({
    {"enable-local-keyservice", '\0', FlagKind::toggle, "SOPS_ENABLE_LOCAL_KEYSERVICE", "", "use this process for keys (default)"},
    {"keyservice", '\0', FlagKind::list, "SOPS_KEYSERVICE", "URI", "a remote key service, asked after the local one"},
});

inline constexpr std::array decryption_flags = std::to_array<Flag>({
    {"decryption-order", '\0', FlagKind::text, "SOPS_DECRYPTION_ORDER", "LIST", "which kinds of key to try first; else the cheapest"},
});

inline constexpr std::array ignore_mac_flag = std::to_array<Flag>({
    {"ignore-mac", '\0', FlagKind::toggle, "", "", "open the file although its MAC does not fit"},
});

inline constexpr std::array layout_flag = std::to_array<Flag>({
    {"no-layout", '\0', FlagKind::toggle, "", "", "store no layout records; odd spellings come back in canonical form"},
});

inline constexpr std::array extract_flags = std::to_array<Flag>({
    {"extract", '\0', FlagKind::text, "", "PATH", "print one value or subtree: '[\"a\"][0]'"},
    {"canonical", '\0', FlagKind::toggle, "", "", "print exactly what sops would"},
});

inline constexpr std::array edit_flags = std::to_array<Flag>({
    {"show-master-keys", 's', FlagKind::toggle, "", "", "show the metadata while editing"},
});

inline constexpr std::array reuse_flag = std::to_array<Flag>({
    {"reuse", '\0', FlagKind::text, "", "OLD", "keep the data key and the unchanged tokens of an older sealed version"},
});

inline constexpr std::array unused_threshold_flag = std::to_array<Flag>({
    {"shamir-secret-sharing-threshold", '\0', FlagKind::number, "", "N", "accepted and not used"},
});

inline constexpr std::array idempotent_flag = std::to_array<Flag>({
    {"idempotent", '\0', FlagKind::toggle, "", "", "nothing to do is success"},
});

}  // namespace leafseal::cli
