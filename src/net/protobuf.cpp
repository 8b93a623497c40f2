#include "net/protobuf.hpp"

namespace leafseal {
namespace {

enum WireType : std::uint64_t { varint_type = 0, fixed64_type = 1, delimited_type = 2, fixed32_type = 5 };

constexpr unsigned longest_varint = 10;
constexpr std::uint64_t highest_number = (std::uint64_t{1} << 29) - 1;

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

}  // namespace

std::optional<std::uint64_t> ProtobufReader::varint() {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < longest_varint && i < rest_.size(); ++i) {
    const auto byte = static_cast<unsigned char>(rest_[i]);
    if (i + 1 == longest_varint && byte > 1) return std::nullopt;  // more than 64 bits
    value |= std::uint64_t{byte & 0x7fu} << (7 * i);
    if (byte >= 0x80) continue;
    rest_.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> ProtobufReader::take(std::uint64_t size) {
  if (size > rest_.size()) return std::nullopt;
  const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(bytes.size());
  return bytes;
}

std::optional<ProtobufField> ProtobufReader::next() {
  if (broken_ || rest_.empty()) return std::nullopt;
  broken_ = true;  // unless it turns out to be a field
  const auto tag = varint();
  if (!tag || *tag >> 3 == 0 || *tag >> 3 > highest_number) return std::nullopt;
  ProtobufField field;
  field.number = static_cast<std::uint32_t>(*tag >> 3);
  std::optional<std::string_view> bytes = std::string_view();
  switch (*tag & 7) {
    case varint_type:
      if (!varint()) return std::nullopt;
      break;
    case fixed64_type: bytes = take(8); break;
    case fixed32_type: bytes = take(4); break;
    case delimited_type: {
      const auto size = varint();
      if (!size) return std::nullopt;
      bytes = take(*size);
      field.delimited = true;
      break;
    }
    default: return std::nullopt;  // groups, which proto3 does not have, and what is not defined
  }
  if (!bytes) return std::nullopt;
  if (field.delimited) field.bytes = *bytes;
  broken_ = false;
  return field;
}

void append_field(std::string& message, std::uint32_t number, std::string_view bytes) {
  append_varint(message, std::uint64_t{number} << 3 | delimited_type);
  append_varint(message, bytes.size());
  message += bytes;
}

}  // namespace leafseal
