// The wire format of protocol buffers, on the examples of its own description and at its limits.
#include <catch2/catch.hpp>

#include "net/protobuf.hpp"

using namespace leafseal;
using namespace std::string_literals;

namespace {

std::string read(const std::string& message) {
  std::string out;
  ProtobufReader reader(message);
  while (const auto field = reader.next()) {
    out += std::to_string(field->number) + (field->delimited ? "=" + std::string(field->bytes) : "") + ";";
  }
  return out + (reader.broken() ? "broken" : "");
}

}  // namespace

TEST_CASE("fields of protocol buffers: the examples of the format's description") {
  CHECK(read("\x08\x96\x01") == "1;");                                     // int32 a = 1: 150
  CHECK(read("\x12\x07\x74\x65\x73\x74\x69\x6e\x67") == "2=testing;");     // string b = 2
  CHECK(read("\x1a\x03\x08\x96\x01"s) == "3=\x08\x96\x01;");               // message c = 3
  CHECK(read("\x25\x01\x02\x03\x04\x09\0\0\0\0\0\0\0\0\x12\x01x"s) == "4;1;2=x;");  // fixed32, fixed64
  CHECK(read("") == "");
  CHECK(read("\x12\0"s) == "2=;");
  CHECK(read("\xfa\xff\xff\xff\x0f\x01z"s) == "536870911=z;");  // the highest number there is
}

TEST_CASE("what is no field of protocol buffers ends the reading") {
  CHECK(read("\x08") == "broken");
  CHECK(read("\x12\x05" "abcd") == "broken");
  CHECK(read("\x02\x01x") == "broken");                                // field 0
  CHECK(read("\x0b\x0c") == "broken");                                 // a group
  CHECK(read("\x0e") == "broken");                                     // wire type 6
  CHECK(read("\x25\x01\x02") == "broken");                             // half a fixed32
  CHECK(read("\x09\0\0\0"s) == "broken");                              // half a fixed64
  CHECK(read("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") == "1;");     // 64 bits
  CHECK(read("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02") == "broken");  // 65
  CHECK(read("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") == "broken");
  CHECK(read("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x") == "broken");  // longer than memory
  CHECK(read("\x82\x80\x80\x80\x10\0"s) == "broken");                   // a number of 30 bits
}

TEST_CASE("fields are written as they are read") {
  std::string message;
  append_field(message, 1, "");
  append_field(message, 16, std::string(300, 'x'));
  CHECK(message.substr(0, 6) == "\x0a\0\x82\x01\xac\x02"s);
  CHECK(read(message) == "1=;16=" + std::string(300, 'x') + ";");
}
