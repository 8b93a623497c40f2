// The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding), as far as the key service's
// few messages need it: fields of any number, of which texts, bytes and messages are read and the rest is passed over.
// What is read points into the message; nothing is copied, nothing nests deeper than the caller asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leafseal {

struct ProtobufField {
  std::uint32_t number = 0;
  bool delimited = false;  // bytes, a text or a message; otherwise a number, whose value nobody here needs
  std::string_view bytes;
};

class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view message) : rest_(message) {}
  // The next field; nothing at the end, and from the first place on that is no field.
  std::optional<ProtobufField> next();
  bool broken() const { return broken_; }

 private:
  std::optional<std::uint64_t> varint();
  std::optional<std::string_view> take(std::uint64_t size);
  std::string_view rest_;
  bool broken_ = false;
};

// A text, bytes or a message. Empty ones are written too; leave them out where the format's default is meant.
void append_field(std::string& message, std::uint32_t number, std::string_view bytes);

}  // namespace leafseal
