#include "config/schema.hpp"

namespace leafseal::config {
namespace {

constexpr std::string_view text = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": ".sops.yaml",
  "description": "Who can open which file: the configuration of leafseal and sops.",
  "type": ["object", "null"],
  "properties": {
    "creation_rules": {
      "description": "Tried in order for a new file; the first whose path_regex is found in the path decides alone.",
      "type": ["array", "null"],
      "minItems": 1,
      "items": {"anyOf": [{"$ref": "#/$defs/rule"}, {"type": "null"}]}
    },
    "destination_rules": {
      "description": "Where publish puts files.",
      "type": ["array", "null"],
      "items": {"anyOf": [{"$ref": "#/$defs/destination"}, {"type": "null"}]}
    },
    "stores": {
      "description": "How documents are printed that are printed anew.",
      "type": ["object", "null"],
      "properties": {
        "yaml": {
          "description": "Blanks a level; default 4.",
          "type": ["object", "null"],
          "properties": {"indent": {"type": ["integer", "null"], "minimum": -1}},
          "additionalProperties": false
        },
        "json": {
          "description": "Blanks a level; -1, the default, is a tab.",
          "type": ["object", "null"],
          "properties": {"indent": {"type": ["integer", "null"], "minimum": -1}},
          "additionalProperties": false
        },
        "json_binary": {
          "description": "The frame around a binary file's token.",
          "type": ["object", "null"],
          "properties": {"indent": {"type": ["integer", "null"], "minimum": -1}},
          "additionalProperties": false
        },
        "dotenv": {"type": ["object", "null"], "additionalProperties": false},
        "ini": {"type": ["object", "null"], "additionalProperties": false}
      },
      "additionalProperties": false
    },
    "leafseal": {
      "description": "leafseal's own section; sops ignores it.",
      "type": ["object", "null"],
      "properties": {"layout": {"description": "false: write no layout records.", "$ref": "#/$defs/switch"}},
      "additionalProperties": false
    }
  },
  "$defs": {
    "text": {"type": ["string", "number", "boolean", "null"]},
    "switch": {
      "anyOf": [
        {"type": ["boolean", "null"]},
        {"enum": ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF"]}
      ]
    },
    "recipients": {"anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}]},
    "rule": {
      "type": "object",
      "properties": {
        "path_regex": {
          "description": "Found anywhere in the path below this file's folder; absent: every file. Anchor it with ^ (RE2: no look-around, no back-references).",
          "$ref": "#/$defs/text"
        },
        "age": {
          "description": "age recipients: age1..., age1NAME1... of a plugin, ssh-ed25519 or ssh-rsa lines.",
          "$ref": "#/$defs/recipients"
        },
        "pgp": {"description": "OpenPGP fingerprints.", "$ref": "#/$defs/recipients"},
        "kms": {"description": "AWS KMS key ARNs, each optionally +ROLE_ARN.", "$ref": "#/$defs/recipients"},
        "aws_profile": {"description": "The AWS profile of all ARNs of this rule.", "$ref": "#/$defs/text"},
        "gcp_kms": {"description": "Google Cloud KMS resource ids.", "$ref": "#/$defs/recipients"},
        "hckms": {
          "description": "Huawei Cloud KMS keys, REGION:UUID. Always a list.",
          "type": ["array", "null"],
          "items": {"anyOf": [{"$ref": "#/$defs/text"}, {"type": "null"}]}
        },
        "azure_keyvault": {"description": "Azure Key Vault key URLs.", "$ref": "#/$defs/recipients"},
        "hc_vault_transit_uri": {
          "description": "HashiCorp Vault or OpenBao transit key URIs.",
          "$ref": "#/$defs/recipients"
        },
        "key_groups": {
          "description": "Groups in place of the recipient fields: the data key is split, and one recipient of each of shamir_threshold groups opens a file.",
          "type": ["array", "null"],
          "items": {"anyOf": [{"$ref": "#/$defs/group"}, {"type": "null"}]}
        },
        "shamir_threshold": {
          "description": "How many key groups are needed; 0 or absent: all.",
          "type": ["integer", "null"],
          "minimum": 0
        },
        "unencrypted_suffix": {
          "description": "Leave in clear what stands below keys that end so.",
          "$ref": "#/$defs/text"
        },
        "encrypted_suffix": {
          "description": "Encrypt only what stands below keys that end so.",
          "$ref": "#/$defs/text"
        },
        "unencrypted_regex": {
          "description": "Leave in clear what stands below keys that match (RE2: no look-around, no back-references).",
          "$ref": "#/$defs/text"
        },
        "encrypted_regex": {
          "description": "Encrypt only what stands below keys that match (RE2: no look-around, no back-references).",
          "$ref": "#/$defs/text"
        },
        "unencrypted_comment_regex": {
          "description": "Leave in clear what stands under a matching comment (RE2: no look-around, no back-references).",
          "$ref": "#/$defs/text"
        },
        "encrypted_comment_regex": {
          "description": "Encrypt only what stands under a matching comment (RE2: no look-around, no back-references).",
          "$ref": "#/$defs/text"
        },
        "mac_only_encrypted": {"description": "The MAC covers encrypted values only.", "$ref": "#/$defs/switch"}
      },
      "additionalProperties": false,
      "allOf": [
        {
          "not": {
            "required": ["unencrypted_suffix", "encrypted_suffix"],
            "properties": {
              "unencrypted_suffix": {"type": "string", "minLength": 1},
              "encrypted_suffix": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_suffix", "unencrypted_regex"],
            "properties": {
              "unencrypted_suffix": {"type": "string", "minLength": 1},
              "unencrypted_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_suffix", "encrypted_regex"],
            "properties": {
              "unencrypted_suffix": {"type": "string", "minLength": 1},
              "encrypted_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_suffix", "unencrypted_comment_regex"],
            "properties": {
              "unencrypted_suffix": {"type": "string", "minLength": 1},
              "unencrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_suffix", "encrypted_comment_regex"],
            "properties": {
              "unencrypted_suffix": {"type": "string", "minLength": 1},
              "encrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["encrypted_suffix", "unencrypted_regex"],
            "properties": {
              "encrypted_suffix": {"type": "string", "minLength": 1},
              "unencrypted_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["encrypted_suffix", "encrypted_regex"],
            "properties": {
              "encrypted_suffix": {"type": "string", "minLength": 1},
              "encrypted_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["encrypted_suffix", "unencrypted_comment_regex"],
            "properties": {
              "encrypted_suffix": {"type": "string", "minLength": 1},
              "unencrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["encrypted_suffix", "encrypted_comment_regex"],
            "properties": {
              "encrypted_suffix": {"type": "string", "minLength": 1},
              "encrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_regex", "encrypted_regex"],
            "properties": {
              "unencrypted_regex": {"type": "string", "minLength": 1},
              "encrypted_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_regex", "unencrypted_comment_regex"],
            "properties": {
              "unencrypted_regex": {"type": "string", "minLength": 1},
              "unencrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_regex", "encrypted_comment_regex"],
            "properties": {
              "unencrypted_regex": {"type": "string", "minLength": 1},
              "encrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["encrypted_regex", "unencrypted_comment_regex"],
            "properties": {
              "encrypted_regex": {"type": "string", "minLength": 1},
              "unencrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["encrypted_regex", "encrypted_comment_regex"],
            "properties": {
              "encrypted_regex": {"type": "string", "minLength": 1},
              "encrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        },
        {
          "not": {
            "required": ["unencrypted_comment_regex", "encrypted_comment_regex"],
            "properties": {
              "unencrypted_comment_regex": {"type": "string", "minLength": 1},
              "encrypted_comment_regex": {"type": "string", "minLength": 1}
            }
          }
        }
      ]
    },
    "group": {
      "type": "object",
      "properties": {
        "merge": {
          "description": "Groups whose recipients come first.",
          "type": ["array", "null"],
          "items": {"anyOf": [{"$ref": "#/$defs/group"}, {"type": "null"}]}
        },
        "age": {"description": "age recipients.", "type": ["array", "null"], "items": {"$ref": "#/$defs/text"}},
        "pgp": {
          "description": "OpenPGP fingerprints.",
          "type": ["array", "null"],
          "items": {"$ref": "#/$defs/text"}
        },
        "kms": {
          "description": "AWS KMS keys.",
          "type": ["array", "null"],
          "items": {
            "type": "object",
            "properties": {
              "arn": {"$ref": "#/$defs/text"},
              "role": {"$ref": "#/$defs/text"},
              "context": {
                "description": "The encryption context.",
                "type": ["object", "null"],
                "additionalProperties": {"$ref": "#/$defs/text"}
              },
              "aws_profile": {"$ref": "#/$defs/text"}
            },
            "additionalProperties": false,
            "required": ["arn"]
          }
        },
        "gcp_kms": {
          "description": "Google Cloud KMS keys.",
          "type": ["array", "null"],
          "items": {
            "type": "object",
            "properties": {"resource_id": {"$ref": "#/$defs/text"}},
            "additionalProperties": false,
            "required": ["resource_id"]
          }
        },
        "hckms": {
          "description": "Huawei Cloud KMS keys.",
          "type": ["array", "null"],
          "items": {
            "type": "object",
            "properties": {"key_id": {"$ref": "#/$defs/text"}},
            "additionalProperties": false,
            "required": ["key_id"]
          }
        },
        "azure_keyvault": {
          "description": "Azure Key Vault keys.",
          "type": ["array", "null"],
          "items": {
            "type": "object",
            "properties": {
              "vaultUrl": {"$ref": "#/$defs/text"},
              "key": {"$ref": "#/$defs/text"},
              "version": {"$ref": "#/$defs/text"}
            },
            "additionalProperties": false,
            "required": ["vaultUrl", "key"]
          }
        },
        "hc_vault": {
          "description": "HashiCorp Vault or OpenBao transit key URIs.",
          "type": ["array", "null"],
          "items": {"$ref": "#/$defs/text"}
        }
      },
      "additionalProperties": false
    },
    "destination": {
      "type": "object",
      "properties": {
        "path_regex": {"$ref": "#/$defs/text"},
        "s3_bucket": {"description": "A bucket of Amazon S3. A rule has one destination: this, gcs_bucket or vault_path.", "$ref": "#/$defs/text"},
        "s3_prefix": {"description": "In front of the file's name; no slash is added.", "$ref": "#/$defs/text"},
        "gcs_bucket": {"description": "A bucket of Google Cloud Storage.", "$ref": "#/$defs/text"},
        "gcs_prefix": {"description": "In front of the file's name; no slash is added.", "$ref": "#/$defs/text"},
        "vault_path": {"description": "A path in a key-value engine of Vault or OpenBao, which gets the values decrypted.", "$ref": "#/$defs/text"},
        "vault_address": {"description": "Default: VAULT_ADDR.", "$ref": "#/$defs/text"},
        "vault_kv_mount_name": {"description": "The path of the engine; default secret/.", "$ref": "#/$defs/text"},
        "vault_kv_version": {"description": "Of the engine, 1 or 2; default 2.", "type": ["integer", "null"]},
        "recreation_rule": {
          "description": "For buckets: encrypt anew for other recipients.",
          "anyOf": [{"$ref": "#/$defs/rule"}, {"type": "null"}]
        },
        "omit_extensions": {"description": "Cut the last extension off the name.", "$ref": "#/$defs/switch"}
      },
      "additionalProperties": false
    }
  }
}
)json";

}  // namespace

std::string_view schema() { return text; }

}  // namespace leafseal::config
