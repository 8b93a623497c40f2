#include "recipients/age_edwards.hpp"

#include <algorithm>

#include "recipients/age.hpp"
#include "recipients/age_openssl.hpp"

namespace leafseal::age {
namespace {

// Arithmetic modulo 2^255 - 19 with public numbers, so it need not run in constant time.
class Field {
 public:
  Field() : context_(BN_CTX_new()), p_(number("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")) {
    if (!context_) throw failure("OpenSSL: out of memory");
  }

  BigNumber number(const char* hex) const {
    BIGNUM* made = nullptr;
    if (BN_hex2bn(&made, hex) == 0) throw failure("OpenSSL: out of memory");
    return BigNumber(made);
  }
  BigNumber from_bytes(const Point& little_endian) const {
    BigNumber made(BN_lebin2bn(little_endian.data(), static_cast<int>(little_endian.size()), nullptr));
    return done(std::move(made), 1);
  }
  BigNumber sum(const BigNumber& a, const BigNumber& b) const {
    BigNumber out(BN_new());
    const int result = BN_mod_add(out.get(), a.get(), b.get(), p_.get(), context_.get());
    return done(std::move(out), result);
  }
  BigNumber difference(const BigNumber& a, const BigNumber& b) const {
    BigNumber out(BN_new());
    const int result = BN_mod_sub(out.get(), a.get(), b.get(), p_.get(), context_.get());
    return done(std::move(out), result);
  }
  BigNumber product(const BigNumber& a, const BigNumber& b) const {
    BigNumber out(BN_new());
    const int result = BN_mod_mul(out.get(), a.get(), b.get(), p_.get(), context_.get());
    return done(std::move(out), result);
  }
  BigNumber inverse(const BigNumber& a) const {
    BigNumber out(BN_mod_inverse(nullptr, a.get(), p_.get(), context_.get()));
    return done(std::move(out), 1);
  }
  // Zero and squares: a^((p-1)/2) is 0 or 1.
  bool is_square(const BigNumber& a) const {
    const BigNumber half = number("3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6");
    BigNumber out(BN_new());
    const int result = BN_mod_exp(out.get(), a.get(), half.get(), p_.get(), context_.get());
    out = done(std::move(out), result);
    return BN_is_zero(out.get()) || BN_is_one(out.get());
  }

 private:
  static BigNumber done(BigNumber number, int result) {
    if (!number || result != 1) throw failure("OpenSSL: arithmetic failed");
    return number;
  }

  BigNumberContext context_;
  BigNumber p_;
};

}  // namespace

std::optional<Point> edwards_to_montgomery(const Point& encoded) {
  const Field field;
  Point y_bytes = encoded;
  y_bytes.back() &= 0x7f;  // the top bit is the sign of x
  const BigNumber one = field.number("1");
  const BigNumber y = field.sum(field.from_bytes(y_bytes), field.number("0"));

  // On the curve if x^2 = (y^2 - 1) / (d y^2 + 1) has a root; the quotient is a square exactly if the product is.
  const BigNumber d = field.number("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
  const BigNumber square = field.product(y, y);
  const BigNumber numerator = field.difference(square, one);
  const BigNumber denominator = field.sum(field.product(d, square), one);
  if (!field.is_square(field.product(numerator, denominator))) return std::nullopt;

  const BigNumber below = field.difference(one, y);
  if (BN_is_zero(below.get())) return std::nullopt;
  const BigNumber u = field.product(field.sum(one, y), field.inverse(below));
  Point out;
  if (BN_bn2lebinpad(u.get(), out.data(), static_cast<int>(out.size())) < 0)
    throw failure("OpenSSL: arithmetic failed");
  return out;
}

}  // namespace leafseal::age
