// gRPC's messages and statuses on the wire.
#include <catch2/catch.hpp>

#include "net/grpc_status.hpp"

using namespace leafseal;
using namespace std::string_literals;

TEST_CASE("a status reads as the reference prints it") {
  CHECK(GrpcStatus{GrpcCode::not_found, "Must provide a key"}.text() ==
        "rpc error: code = NotFound desc = Must provide a key");
  CHECK(code_name(static_cast<GrpcCode>(1)) == "Canceled");
  CHECK(code_name(static_cast<GrpcCode>(11)) == "OutOfRange");
  CHECK(code_name(GrpcCode::unauthenticated) == "Unauthenticated");
  CHECK(code_name(static_cast<GrpcCode>(17)) == "Code(17)");
}

TEST_CASE("a status' message is percent-encoded, whatever it holds") {
  CHECK(encode_status_message("gpg: 100%\nno key \xc3\xa4\x7f") == "gpg: 100%25%0Ano key %C3%A4%7F");
  CHECK(decode_status_message("gpg: 100%25%0Ano key %c3%A4") == "gpg: 100%\nno key \xc3\xa4");
  for (const std::string text : {"%", "%2", "%zz", "%2z", "a%"}) CHECK(decode_status_message(text) == text);
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(decode_status_message(encode_status_message(all)) == all);
}

TEST_CASE("a message stands behind its five bytes, alone") {
  CHECK(framed_message("abc") == "\0\0\0\0\x03" "abc"s);
  CHECK(framed_message(std::string(66'000, 'x')).substr(0, 5) == "\0\0\x01\x01\xd0"s);
  const auto code = [](const std::string& framed) {
    const GrpcReply reply = unframed_message(framed);
    const auto* status = std::get_if<GrpcStatus>(&reply);
    return status == nullptr ? "message " + std::get<std::string>(reply) : code_name(status->code);
  };
  CHECK(code(framed_message("abc")) == "message abc");
  CHECK(code(framed_message("")) == "message ");
  CHECK(code("") == "Internal");
  CHECK(code("\0\0\0\0"s) == "Internal");
  CHECK(code("\0\0\0\0\x04" "abc"s) == "Internal");
  CHECK(code("\0\xff\xff\xff\xff" "abc"s) == "Internal");
  CHECK(code("\0\0\0\0\x02" "abc"s) == "Internal");
  CHECK(code("\x01\0\0\0\x03" "abc"s) == "Unimplemented");
}
