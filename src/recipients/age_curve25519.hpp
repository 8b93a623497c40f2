// X25519 with one side's secret. OpenSSL computes the public point whenever it takes in a secret, so a secret that is
// needed for both is taken in once.
#pragma once

#include "recipients/age_openssl.hpp"
#include "recipients/age_primitives.hpp"

namespace leafseal::age {

class X25519Secret {
 public:
  explicit X25519Secret(Bytes scalar);
  static X25519Secret random();

  Point point() const;
  // False if the result is all zero: the other side's point was of low order.
  bool share(Bytes point, Key& out) const;

 private:
  PKey key_;
};

}  // namespace leafseal::age
