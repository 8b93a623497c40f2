// SDK-HMAC-SHA256 on the vectors of Huawei Cloud's SDK for Go (0.1.202, core/auth/signer), and on a request of sops
// 3.13.2 that the fake in tests/interop recorded.
#include "net/huawei_signer.hpp"

#include <catch2/catch.hpp>

#include "support/http_double.hpp"

using namespace leafseal;

namespace {

constexpr std::time_t sdk_time = 1136214245;  // 2006-01-02T15:04:05Z
const HuaweiKeys sdk_keys{"AccessKey", "SecretKey", ""};

HttpRequest request_of(const char* method, const char* url, const char* body = "") {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.body = body;
  return request;
}

std::string signed_by(HttpRequest request, const HuaweiKeys& keys, std::time_t now) {
  sign_for_huawei(request, keys, now);
  return header_of(request, "authorization");
}

}  // namespace

TEST_CASE("the vectors of Huawei's SDK", "[huawei]") {
  HttpRequest get = request_of("GET", "https://example.huaweicloud.com/path?limit=1");
  get.headers = {{"TEST_UNDERSCORE", "TEST_VALUE"}};
  CHECK(signed_by(get, sdk_keys, sdk_time) ==
        "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, "
        "Signature=5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624");
  HttpRequest post = request_of("POST", "https://example.huaweicloud.com/path?key=value", "{\"Name\":\"test\",\"Id\":1}\n");
  post.headers = {{"TEST_UNDERSCORE", "TEST_VALUE"}, {"Content-Type", "application/json"}};
  CHECK(signed_by(post, sdk_keys, sdk_time) ==
        "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, "
        "Signature=cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59");
}

TEST_CASE("a request of sops", "[huawei]") {
  HttpRequest request = request_of(
      "POST", "http://127.0.0.1:18477/v1.0/0123456789abcdef0123456789abcdef/kms/encrypt-data",
      "{\"key_id\":\"11111111-2222-3333-4444-555555555555\",\"plain_text\":\"q9ol3gHtsN9cIOBrOYnifeKOHofTY6RAdff2OZU6nVI=\","
      "\"encryption_algorithm\":\"SYMMETRIC_DEFAULT\"}\n");
  request.headers = {{"User-Agent", "huaweicloud-usdk-go/3.0; os/Debian_GNU/Linux#12_(bookworm)#amd64 go/go1.26.8; "
                                    "app/ca06d98a-3b85-4d55-a98a-217c361a0aef"},
                     {"Content-Type", "application/json;charset=UTF-8"},
                     {"X-Project-Id", "0123456789abcdef0123456789abcdef"}};
  constexpr std::time_t then = 1795615496;  // 2026-11-25T14:04:56Z
  CHECK(signed_by(request, {"huawei-access", "huawei-secret-canary", ""}, then) ==
        "SDK-HMAC-SHA256 Access=huawei-access, SignedHeaders=user-agent;x-project-id;x-sdk-date, "
        "Signature=0b2c0d044371a3231f1572bc2e418fd0b8aab0e30f93515f6564af09d608bb14");
}

TEST_CASE("what is signed: the security token, blanks at the ends apart, the query in order", "[huawei]") {
  const HttpRequest plain = request_of("GET", "https://h/p?a=1&b=2");
  HttpRequest with_token = plain;
  sign_for_huawei(with_token, {"a", "s", "token"}, sdk_time);
  CHECK(header_of(with_token, "x-security-token") == "token");
  CHECK(header_of(with_token, "authorization").find("SignedHeaders=x-sdk-date;x-security-token,") != std::string::npos);

  const std::string signature = signed_by(plain, sdk_keys, sdk_time);
  CHECK(signed_by(request_of("GET", "https://h/p?b=2&a=1"), sdk_keys, sdk_time) == signature);
  CHECK(signed_by(request_of("GET", "https://h/p/?a=1&b=2"), sdk_keys, sdk_time) == signature);
  CHECK(signed_by(request_of("GET", "https://h/p?a=1&b=3"), sdk_keys, sdk_time) != signature);
  CHECK(signed_by(request_of("PUT", "https://h/p?a=1&b=2"), sdk_keys, sdk_time) != signature);
  CHECK(signed_by(plain, sdk_keys, sdk_time + 1) != signature);
  HttpRequest padded = plain, bare = plain;
  padded.headers = {{"X-Project-Id", " id\t"}};
  bare.headers = {{"X-Project-Id", "id"}};
  CHECK(signed_by(padded, sdk_keys, sdk_time) == signed_by(bare, sdk_keys, sdk_time));
  CHECK_THROWS_AS(signed_by(request_of("GET", "file:///etc/passwd"), sdk_keys, sdk_time), Error);
}
