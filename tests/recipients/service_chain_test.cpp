// Several key services, asked one after the other.
#include <catch2/catch.hpp>

#include "recipients/remote_recipients.hpp"
#include "recipients/service_chain.hpp"

using namespace leafseal;

namespace {

// Wraps and unwraps by putting `name` in front, or fails.
class Named final : public RecipientRegistry {
 public:
  Named(std::string name, bool works, std::string& asked) : name_(std::move(name)), works_(works), asked_(asked) {}
  std::unique_ptr<Recipient> make(const RecipientEntry&) const override { return std::make_unique<One>(*this); }

 private:
  struct One final : Recipient {
    explicit One(const Named& service) : service_(service) {}
    std::string wrap(const SecretBytes& key) const override {
      service_.asked_ += service_.name_;
      if (!service_.works_) throw Error(ExitCode::generic, service_.name_ + " cannot", {service_.name_ + " hint"});
      return service_.name_ + std::string(key.view());
    }
    UnwrapResult unwrap(std::string_view) const override {
      service_.asked_ += service_.name_;
      if (!service_.works_) return UnwrapFailure{service_.name_ + " cannot", service_.name_ + " hint"};
      return SecretBytes::copy_of(service_.name_);
    }
    const Named& service_;
  };
  std::string name_;
  bool works_;
  std::string& asked_;
};

struct Chain {
  std::string asked;
  ServiceChain chain;
  RecipientEntry entry;
  explicit Chain(std::vector<std::pair<std::string, bool>> services) {
    for (const auto& [name, works] : services) chain.add(std::make_unique<Named>(name, works, asked));
  }
  UnwrapResult unwrap() { return chain.make(entry)->unwrap("x"); }
};

}  // namespace

TEST_CASE("the first service that does what is asked is the last one asked") {
  Chain services({{"a", false}, {"b", true}, {"c", true}});
  const UnwrapResult key = services.unwrap();
  REQUIRE(std::holds_alternative<SecretBytes>(key));
  CHECK(std::get<SecretBytes>(key).view() == "b");
  CHECK(services.asked == "ab");
  services.asked.clear();
  CHECK(services.chain.make(services.entry)->wrap(SecretBytes::copy_of(std::string_view("k"))) == "bk");
  CHECK(services.asked == "ab");
}

TEST_CASE("where no service does, each one's reason is told") {
  Chain services({{"a", false}, {"b", false}, {"c", false}});
  const UnwrapResult result = services.unwrap();
  const auto& failure = std::get<UnwrapFailure>(result);
  CHECK(failure.reason == "a cannot");
  REQUIRE(failure.further.size() == 2);
  CHECK(failure.further[1].reason == "c cannot");
  CHECK(failure.further[1].hint == "c hint");
  try {
    services.chain.make(services.entry)->wrap(SecretBytes::copy_of(std::string_view("k")));
    FAIL("wrapped");
  } catch (const WrapFailures& failures) {
    REQUIRE(failures.each.size() == 3);
    CHECK(std::string(failures.each[2].what()) == "c cannot");
  }
}

TEST_CASE("without a service every recipient fails, and nobody gives a reason") {
  Chain nobody({});
  CHECK(nobody.chain.empty());
  const UnwrapResult result = nobody.unwrap();
  CHECK(std::get<UnwrapFailure>(result).reason.empty());
}

TEST_CASE("the addresses that --keyservice takes") {
  const auto read = [](const std::string& text) {
    const auto endpoint = parse_service_address(text);
    return endpoint ? endpoint->network + " " + endpoint->address : "none";
  };
  CHECK(read("unix:///run/user/0/k.sock") == "unix /run/user/0/k.sock");
  CHECK(read("unix:relative.sock") == "unix relative.sock");
  CHECK(read("tcp://127.0.0.1:5000") == "tcp 127.0.0.1:5000");
  CHECK(read("TCP://[::1]:5000/x?y#z") == "tcp [::1]:5000");
  CHECK(read("foo://x:1") == "foo x:1");
  CHECK(read("127.0.0.1:5000") == "none");
  CHECK(read("tcp:x") == "none");
  CHECK(read("nohost") == "none");
  CHECK(read("") == "none");
  CHECK(read("unix:///a\nb") == "none");
}
