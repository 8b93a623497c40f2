# Debian 12's libraries and where each may be used (doc/architecture.md):
#   OpenSSL    base/random, base/digest, crypto, net, recipients/age*    nonces, AES-GCM, SHA-512; age's primitives
#   RE2        seal/selection, config/path_pattern     linear-time regexes with Go's syntax
#   yaml-cpp   config                                  .sops.yaml, with line numbers
#   gpgme      recipients/pgp                          opened on first use, headers only at build time
#   libcurl    net/http*                               the same
#   libpq      cli/audit_database                      the same, where an audit log is kept
#   libnghttp2 net/http2*                              the same
#   nlohmann   seal/layout_records, net/json_*, tests   a text of our own; in tests an independent judge of JSON
#   libyaml    tests                                   an independent judge of YAML
#   Catch2     tests
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)

# RE2 and yaml-cpp are linked statically: each shared object costs every start (doc/performance.md).
find_library(LEAFSEAL_RE2 NAMES libre2.a re2 REQUIRED)
find_library(LEAFSEAL_YAML_CPP NAMES libyaml-cpp.a yaml-cpp REQUIRED)
find_path(LEAFSEAL_GPGME_INCLUDE gpgme.h REQUIRED)
find_path(LEAFSEAL_LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
find_path(LEAFSEAL_CURL_INCLUDE curl/curl.h REQUIRED)
find_path(LEAFSEAL_NGHTTP2_INCLUDE nghttp2/nghttp2.h REQUIRED)

# Debug information and assertions of the build must not carry the builder's paths (security.md B5).
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
