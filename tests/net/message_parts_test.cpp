// The parts of requests and answers: JSON, signatures, tokens.
#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "leafseal/error.hpp"
#include "net/base64url.hpp"
#include "net/crc32.hpp"
#include "net/hmac.hpp"
#include "net/json_fields.hpp"
#include "net/jwt.hpp"

using namespace leafseal;

TEST_CASE("fields of an answer are read by type, and what is not there is nothing") {
  const JsonFields answer = JsonFields::parse(
      R"({"data":{"ciphertext":"vault:v1:x","n":7,"big":"3600","list":["a",1,"b"],"no":null},"errors":["e"],"t":"\u00e4\u0000"})");
  REQUIRE(answer.parsed());
  CHECK(answer.text({"data", "ciphertext"}) == "vault:v1:x");
  CHECK(!answer.text({"data", "n"}));
  CHECK(!answer.text({"data", "no"}));
  CHECK(!answer.text({"data", "ciphertext", "deeper"}));
  CHECK(!answer.text({"absent", "x"}));
  CHECK(answer.text({"errors", "0"}) == "e");
  CHECK(!answer.text({"errors", "1"}));
  CHECK(!answer.text({"errors", "x"}));
  CHECK(answer.text({"t"}) == std::string("\xc3\xa4\0", 3));
  CHECK(answer.number({"data", "n"}) == 7);
  CHECK(answer.number({"data", "big"}) == 3600);
  CHECK(!answer.number({"data", "ciphertext"}));
  CHECK(answer.texts({"data", "list"}) == std::vector<std::string>{"a", "b"});
  CHECK(answer.texts({"data"}).empty());
  CHECK(answer.object({"data"}).text({"ciphertext"}) == "vault:v1:x");
  CHECK(!answer.object({"errors"}).parsed());
  CHECK(answer.text_members({"data"}) ==
        std::vector<std::pair<std::string, std::string>>{{"big", "3600"}, {"ciphertext", "vault:v1:x"}});
  CHECK(answer.json({"data", "list"}) == R"(["a",1,"b"])");
}

TEST_CASE("P6: what is no JSON object holds no field, whatever it is") {
  for (const std::string text :
       {"", "[]", "1", "\"x\"", "{", "{\"a\":1,}", "<html>", "{\"a\":\"\xff\"}", "nul", "{} {}"}) {
    INFO(text);
    CHECK(!JsonFields::parse(text).parsed());
    CHECK(!JsonFields::parse(text).text({"a"}));
  }
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100'000; ++i) deep += "[";
  CHECK(!JsonFields::parse(deep).parsed());
  for (int i = 0; i < 100'000; ++i) deep += "]";
  deep += ",\"b\":\"x\"}";
  CHECK(JsonFields::parse(deep).text({"b"}) == "x");
  CHECK(JsonFields::parse(deep).json({}));
}

TEST_CASE("JSON texts are escaped") {
  CHECK(json_string("a\"b\\\n\x01 \xc3\xa4/") == "\"a\\\"b\\\\\\n\\u0001 \xc3\xa4/\"");
  CHECK(json_string("\xff") == "\"\xef\xbf\xbd\"");
  CHECK(json_object({}) == "{}");
  CHECK(json_object({{"KeyId", json_string("k")}, {"EncryptionContext", json_object({{"b", json_string("1")}})}}) ==
        R"({"KeyId":"k","EncryptionContext":{"b":"1"}})");
}

TEST_CASE("base64url as RFC 4648 has it") {
  CHECK(base64url::encode("\xfb\xff\xfe") == "-__-");
  CHECK(base64url::encode("a") == "YQ");
  CHECK(base64url::decode("-__-") == "\xfb\xff\xfe");
  CHECK(base64url::decode("YQ") == "a");
  for (const char* bad : {"+//+", "YQ==", "YR", "Y", "a b"}) CHECK(!base64url::decode(bad));
}

TEST_CASE("HMAC-SHA-256 on the vectors of RFC 4231") {
  CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// The key of RFC 7515 A.2, from its JWK to PKCS#8.
constexpr const char* rfc7515_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXO\n"
    "jS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxL\n"
    "aYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNn\n"
    "juygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5\n"
    "ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkf\n"
    "toaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHg\n"
    "VFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyW\n"
    "PEAeP88vLNO97IjlA7/GQ5sLKMgvfTeXZx9SE+7YwVol2NXOoAJe46sui395IW/G\n"
    "O+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzj\n"
    "kn439X0M/V51gfpRLI9JYanrC4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6\n"
    "XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB\n"
    "4cS98l2SR/RQyGWSeWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0K\n"
    "pLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr\n"
    "0AHQfD8/Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqE\n"
    "lMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6\n"
    "kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAP\n"
    "rq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54Xrrz2uNw\n"
    "kgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp\n"
    "5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgwo59dkpN75gJLVds2\n"
    "9+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/\n"
    "evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2LF2mjMJDpTg7FmuyPcVw6EcG\n"
    "yoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZj\n"
    "OYiIDktVWZzmevJuv6WywUqd57LE3Zar3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2\n"
    "tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3\n"
    "ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A56\n"
    "03k2+ZQwVK0JKSHuLFkuQ3U=\n"
    "-----END PRIVATE KEY-----\n";

TEST_CASE("a token is signed as RFC 7515 A.2 signs it") {
  CHECK(
      signed_jwt(R"({"alg":"RS256"})",
                 "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", rfc7515_key) ==
      "eyJhbGciOiJSUzI1NiJ9"
      ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
      ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
      "O8W2Fp5jujGbds9uJdbF9CUAr7t"
      "1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j"
      "zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ"
      "Ge77Rw");
}

TEST_CASE("L3: a key that cannot sign is named and not shown") {
  const std::string broken = "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n";
  for (const std::string& key : {broken, std::string(), std::string("canary")}) {
    try {
      signed_jwt("{}", "{}", key);
      FAIL("signed");
    } catch (const Error& error) {
      CHECK(std::string(error.what()) == "the private key for signing the token is no PEM private key");
    }
  }
}

TEST_CASE("CRC-32 is that of RFC 1952, and Castagnoli's that of RFC 3720 B.4") {
  CHECK(crc32("123456789", crc32_ieee) == 0xcbf43926u);
  CHECK(crc32_base64("123456789", crc32_castagnoli) == "4waSgw==");
  const auto crc32c = [](std::string_view bytes) { return crc32(bytes, crc32_castagnoli); };
  std::string ascending;
  for (char c = 0; c < 32; ++c) ascending += c;
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xe3069283u);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aau);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43u);
  CHECK(crc32c(ascending) == 0x46dd794eu);
  CHECK(crc32c(std::string(ascending.rbegin(), ascending.rend())) == 0x113fdb5cu);
}
