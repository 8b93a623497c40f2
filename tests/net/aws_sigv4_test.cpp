// Signature Version 4 on vectors that AWS publishes: its test suite (aws-sig-v4-test-suite), the walk through a request
// of the General Reference, and the examples of the S3 API Reference.
#include "net/aws_sigv4.hpp"

#include <catch2/catch.hpp>

#include "support/http_double.hpp"

using namespace leafseal;

namespace {

struct Vector {
  const char* name;
  const char* method;
  const char* url;
  std::vector<std::pair<std::string, std::string>> headers;
  const char* body;
  const char* signed_names;
  const char* signature;
};

std::string authorization(const Vector& vector, const AwsKeys& keys, const AwsScope& scope) {
  HttpRequest request;
  request.method = vector.method;
  request.url = vector.url;
  request.headers = vector.headers;
  request.body = vector.body;
  sign_for_aws(request, keys, scope);
  return header_of(request, "authorization");
}

std::string expected(const Vector& vector, const std::string& where) {
  return "AWS4-HMAC-SHA256 Credential=" + where + ", SignedHeaders=" + vector.signed_names +
         ", Signature=" + vector.signature;
}

const AwsKeys suite_keys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
constexpr std::time_t suite_time = 1440938160;  // 2015-08-30T12:36:00Z

}  // namespace

TEST_CASE("the test suite of Signature Version 4") {
  const std::string form = "application/x-www-form-urlencoded";
  const Vector vectors[] = {
      {"get-vanilla",
       "GET",
       "https://example.amazonaws.com/",
       {},
       "",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case",
       "GET",
       "https://example.amazonaws.com/?Param2=value2&Param1=value1",
       {},
       "",
       "host;x-amz-date",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-unreserved",
       "GET",
       "https://example.amazonaws.com/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       {},
       "",
       "host;x-amz-date",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-header-value-trim",
       "GET",
       "https://example.amazonaws.com/",
       {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
       "",
       "host;my-header1;my-header2;x-amz-date",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"get-header-key-duplicate",
       "GET",
       "https://example.amazonaws.com/",
       {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
       "",
       "host;my-header1;x-amz-date",
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"post-vanilla",
       "POST",
       "https://example.amazonaws.com/",
       {},
       "",
       "host;x-amz-date",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-header-key-sort",
       "POST",
       "https://example.amazonaws.com/",
       {{"My-Header1", "value1"}},
       "",
       "host;my-header1;x-amz-date",
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"post-x-www-form-urlencoded",
       "POST",
       "https://example.amazonaws.com/",
       {{"Content-Type", form}},
       "Param1=value1",
       "content-type;host;x-amz-date",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
      {"post-x-www-form-urlencoded-parameters",
       "POST",
       "https://example.amazonaws.com/",
       {{"Content-Type", form + "; charset=utf8"}},
       "Param1=value1",
       "content-type;host;x-amz-date",
       "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
  };
  for (const Vector& vector : vectors) {
    INFO(vector.name);
    CHECK(authorization(vector, suite_keys, {"us-east-1", "service", suite_time}) ==
          expected(vector, "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"));
  }
}

TEST_CASE("the test suite's request with a session token") {
  AwsKeys keys = suite_keys;
  keys.session_token =
      "AQoDYXdzEPT//////////"
      "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7"
      "mSEI/qkPpKPi/"
      "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d"
      "+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
  const Vector vector = {"post-sts-header-before",
                         "POST",
                         "https://example.amazonaws.com/",
                         {},
                         "",
                         "host;x-amz-date;x-amz-security-token",
                         "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"};
  CHECK(authorization(vector, keys, {"us-east-1", "service", suite_time}) ==
        expected(vector, "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"));
}

TEST_CASE("the General Reference's request to IAM") {
  const Vector vector = {"ListUsers",
                         "GET",
                         "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
                         {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                         "",
                         "content-type;host;x-amz-date",
                         "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"};
  CHECK(authorization(vector, suite_keys, {"us-east-1", "iam", suite_time}) ==
        expected(vector, "AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request"));
}

TEST_CASE("the examples of the S3 API Reference") {
  const AwsKeys keys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
  const char* names = "host;x-amz-content-sha256;x-amz-date";
  const Vector vectors[] = {
      {"GET object",
       "GET",
       "https://examplebucket.s3.amazonaws.com/test.txt",
       {{"Range", "bytes=0-9"}},
       "",
       "host;range;x-amz-content-sha256;x-amz-date",
       "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
      {"PUT object",
       "PUT",
       "https://examplebucket.s3.amazonaws.com/test%24file.text",
       {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
       "Welcome to Amazon S3.",
       "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
       "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
      {"GET bucket lifecycle",
       "GET",
       "https://examplebucket.s3.amazonaws.com/?lifecycle",
       {},
       "",
       names,
       "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {"list objects",
       "GET",
       "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
       {},
       "",
       names,
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (const Vector& vector : vectors) {
    INFO(vector.name);
    CHECK(authorization(vector, keys, {"us-east-1", "s3", 1369353600}) ==
          expected(vector, "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"));
  }
}

TEST_CASE("the host is signed as it is sent: with a port that is not the scheme's own") {
  const Vector plain = {"",
                        "GET",
                        "https://example.amazonaws.com:443/",
                        {},
                        "",
                        "host;x-amz-date",
                        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"};
  const AwsScope scope{"us-east-1", "service", suite_time};
  CHECK(authorization(plain, suite_keys, scope) ==
        expected(plain, "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"));
  Vector other = plain;
  other.url = "https://example.amazonaws.com:8443/";
  CHECK(authorization(other, suite_keys, scope) != authorization(plain, suite_keys, scope));
}
