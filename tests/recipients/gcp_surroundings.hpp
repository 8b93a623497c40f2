// What the tests of Google Cloud have in common: a home, an environment, a key of a service account, and all services
// that give tokens, each by its address. A token names how it was got: "ACCOUNT", "ACTING(USER)".
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "net/base64url.hpp"
#include "net/json_fields.hpp"
#include "recipients/gcp_access.hpp"
#include "support/http_double.hpp"

namespace leafseal::gcp_test {

inline constexpr std::time_t start = 1767225600;  // 2026-01-01T00:00:00Z

// One for all tests of the program: making one takes a while.
class AccountKey {
 public:
  static const AccountKey& get() {
    static const AccountKey key;
    return key;
  }
  ~AccountKey() { EVP_PKEY_free(key_); }
  AccountKey(const AccountKey&) = delete;
  AccountKey& operator=(const AccountKey&) = delete;

  std::string pem() const {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key_, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  }

  bool signed_this(const std::string& token) const {
    const std::size_t dot = token.rfind('.');
    const auto signature = base64url::decode(token.substr(dot + 1));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool good =
        signature && EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key_) == 1 &&
        EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature->data()), signature->size(),
                         reinterpret_cast<const unsigned char*>(token.data()), dot) == 1;
    EVP_MD_CTX_free(context);
    return good;
  }

 private:
  AccountKey() : key_(EVP_RSA_gen(2048)) {}
  EVP_PKEY* key_;
};

inline JsonFields part_of(const std::string& token, int number) {
  std::size_t begin = 0;
  while (number-- > 0) begin = token.find('.', begin) + 1;
  return JsonFields::parse(base64url::decode(token.substr(begin, token.find('.', begin) - begin)).value_or(""));
}

inline std::string percent_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

inline std::string in_form(const std::string& form, const std::string& name) {
  const std::size_t at = ("&" + form).find("&" + name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  return percent_decoded(form.substr(begin, form.find('&', begin) - begin));
}

class Services final : public Http {
 public:
  std::vector<HttpRequest> requests;
  bool machine = true;      // of Google Cloud
  int lifetime = 3600;      // of tokens, in seconds
  int numbered = 0;         // from 1 on: tokens have a number, each another
  std::string answer_with;  // instead of what is asked of a token endpoint
  int status_with = 400;
  HttpResponse acting_answer;  // if its status is not 0

  HttpResponse send(const HttpRequest& request, const Environment&) override {
    requests.push_back(request);
    const std::string& url = request.url;
    if (url == "https://oauth2.googleapis.com/token" || url == "http://127.0.0.1:7000/token") return oauth(request);
    if (url == "https://sts.googleapis.com/v1/token") return exchange(request);
    if (url == "https://sts.googleapis.com/v1/oauthtoken") return person(request);
    if (url.starts_with("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/")) return act(request);
    if (url == "http://127.0.0.1:7000/subject") return {200, {}, R"({"value":"from-url"})"};
    if (url.starts_with("http://169.254.169.254/latest/")) return aws(request);
    if (url.starts_with("http://169.254.169.254/computeMetadata/") && machine) return metadata(request);
    throw HttpError(HttpFault::unreachable, "no answer from " + url.substr(0, url.find('/', 8)) + ": no route");
  }

 private:
  HttpResponse token(std::string name) {
    if (!answer_with.empty()) return {status_with, {}, answer_with};
    if (numbered > 0) name += std::to_string(numbered++);
    return {200, {}, R"({"access_token":)" + json_string(name) + R"(,"expires_in":)" + std::to_string(lifetime) + "}"};
  }
  HttpResponse oauth(const HttpRequest& request) {
    if (in_form(request.body, "grant_type") == "refresh_token") {
      const bool good = in_form(request.body, "refresh_token") == "refresh-canary" &&
                        in_form(request.body, "client_id") == "id" &&
                        in_form(request.body, "client_secret") == "secret-canary";
      return good ? token("USER") : HttpResponse{400, {}, R"({"error":"invalid_grant"})"};
    }
    const std::string assertion = in_form(request.body, "assertion");
    const bool good = AccountKey::get().signed_this(assertion) && part_of(assertion, 1).text({"aud"}) == request.url;
    return good ? token("ACCOUNT") : HttpResponse{400, {}, R"({"error":"invalid_grant"})"};
  }
  HttpResponse exchange(const HttpRequest& request) {
    return token("SUBJECT(" + in_form(request.body, "subject_token").substr(0, 20) + ")");
  }
  HttpResponse person(const HttpRequest& request) {
    const bool good = header_of(request, "authorization") == "Basic aWQ6c2VjcmV0LWNhbmFyeQ==";  // id:secret-canary
    return good ? token("PERSON") : HttpResponse{401, {}, R"({"error":"invalid_client"})"};
  }
  HttpResponse act(const HttpRequest& request) {
    if (acting_answer.status != 0) return acting_answer;
    return {200,
            {},
            R"({"accessToken":"ACTING()" + header_of(request, "authorization").substr(7) +
                R"lit()","expireTime":"2026-01-01T00:30:00Z"})lit"};
  }
  HttpResponse metadata(const HttpRequest& request) {
    if (header_of(request, "metadata-flavor") != "Google") return {403, {}, ""};
    HttpResponse answer = token("MACHINE");
    answer.headers = {{"metadata-flavor", "Google"}};
    return answer;
  }
  static HttpResponse aws(const HttpRequest& request) {
    const std::string path = request.url.substr(request.url.find("/latest/") + 8);
    if (path == "api/token") {
      return request.method == "PUT" && header_of(request, "x-aws-ec2-metadata-token-ttl-seconds") == "300"
                 ? HttpResponse{200, {}, "imds"}
                 : HttpResponse{400, {}, ""};
    }
    if (header_of(request, "x-aws-ec2-metadata-token") != "imds") return {401, {}, ""};
    if (path == "meta-data/placement/availability-zone") return {200, {}, "us-east-2b"};
    if (path == "meta-data/iam/security-credentials") return {200, {}, "my role"};
    if (path != "meta-data/iam/security-credentials/my%20role") return {404, {}, ""};
    return {200, {}, R"({"AccessKeyId":"AKIDMETA","SecretAccessKey":"aws-canary","Token":"session"})"};
  }
};

struct Bench {
  std::string home;
  Services services;
  Environment environment;
  std::time_t now = start;
  std::string warnings;

  Bench() {
    char pattern[] = "/tmp/lsg-XXXXXX";
    home = mkdtemp(pattern);
    std::filesystem::create_directories(home + "/.config/gcloud");
    environment.http = &services;
    environment.clock = [this] { return now; };
    environment.err = [this](std::string_view text) { warnings += text; };
    environment.variables = {{"HOME", home}, {"PATH", "/usr/bin:/bin"}};
  }
  ~Bench() { std::filesystem::remove_all(home); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }
  std::string write(const std::string& path, const std::string& text) const {
    std::ofstream(home + path) << text;
    return home + path;
  }

  // A token, or why there is none.
  std::string find(GcpChain chain = GcpChain::sops, std::string* hint = nullptr) {
    GcpAccess access(environment, chain);
    try {
      return access.token("scope").value;
    } catch (const Error& error) {
      if (hint != nullptr) *hint = error.hints().empty() ? "" : error.hints().front();
      return std::string("failed: ") + error.what();
    }
  }
  std::string find_json(const std::string& json, std::string* hint = nullptr) {
    set("GOOGLE_CREDENTIALS", json);
    return find(GcpChain::sops, hint);
  }
  // What the program was last asked, as a form.
  std::string asked(const std::string& name) const { return in_form(services.requests.back().body, name); }
};

// Credentials of every kind; `more` are further members, with a comma in front.
inline std::string account_json(const std::string& more = "") {
  return R"({"type":"service_account","client_email":"me@p.iam","private_key_id":"k1","private_key":)" +
         json_string(AccountKey::get().pem()) + more + "}";
}
inline std::string user_json(const std::string& more = "") {
  return R"({"type":"authorized_user","client_id":"id","client_secret":"secret-canary","refresh_token":"refresh-canary")" +
         more + "}";
}
inline std::string person_json() {
  return R"({"type":"external_account_authorized_user","client_id":"id","client_secret":"secret-canary",)"
         R"("refresh_token":"r","token_url":"https://sts.googleapis.com/v1/oauthtoken"})";
}
inline std::string external_json(const std::string& source, const std::string& more = "") {
  return R"({"type":"external_account","audience":"//iam/pool","subject_token_type":)"
         R"("urn:ietf:params:oauth:token-type:jwt","token_url":"https://sts.googleapis.com/v1/token",)"
         R"("credential_source":)" +
         source + more + "}";
}
inline const std::string acting_url =
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/app@p.iam:generateAccessToken";
inline std::string impersonated_json(const std::string& own, const std::string& more = "") {
  return R"({"type":"impersonated_service_account","service_account_impersonation_url":")" + acting_url +
         R"(","source_credentials":)" + own + more + "}";
}

}  // namespace leafseal::gcp_test
