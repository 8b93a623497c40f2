// ~/.aws/config and ~/.aws/credentials, and the profile chosen from them.
#include "recipients/aws_config_files.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "leafseal/error.hpp"
#include "recipients/aws_profile.hpp"

using namespace leafseal;

namespace {

struct Home {
  std::string path;
  Environment environment;

  Home() {
    char pattern[] = "/tmp/lsa-XXXXXX";
    path = mkdtemp(pattern);
    std::filesystem::create_directory(path + "/.aws");
    environment.variables["HOME"] = path;
  }
  ~Home() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path + "/.aws/" + name) << text; }
  AwsProfile select(const std::string& named = "") const {
    return AwsProfile::select(named, std::make_shared<const AwsSections>(read_aws_config_files(environment)),
                              environment);
  }
  std::string failure(const std::string& named = "") const {
    try {
      return "selected " + select(named).name();
    } catch (const Error& error) {
      return error.what();
    }
  }
};

}  // namespace

TEST_CASE("sections, keys, comments and quotes as AWS's SDK reads them") {
  const AwsSections sections = parse_aws_config(
      "stray = 1\n"
      "# comment\n"
      "[default] ; comment\n"
      "Region = eu-west-1\t; comment\n"
      "secret=a#b;c\n"
      "quoted = \"x y\"\n"
      "colon: value\n"
      "empty =\n"
      "[ profile   Dev Team ]\r\n"
      "a = 1\r\n"
      "[unprefixed]\n"
      "a = 2\n"
      "[sso-session corp]\n"
      "sso_region = us-east-1\n"
      "[services local]\n"
      "kms =\n"
      "  endpoint_url = http://127.0.0.1:1\n"
      "sts =\n"
      "\tendpoint_url = http://127.0.0.1:2\n",
      true);
  REQUIRE(sections.contains("default"));
  const AwsSection& first = sections.at("default");
  CHECK(first.value("region") == "eu-west-1");
  CHECK(first.value("secret") == "a#b;c");
  CHECK(first.value("quoted") == "x y");
  CHECK(first.value("colon") == "value");
  CHECK(first.value("empty").empty());
  CHECK(first.value("absent").empty());
  REQUIRE(sections.contains("Dev Team"));
  CHECK(sections.at("Dev Team").value("a") == "1");
  CHECK(!sections.contains("unprefixed"));
  CHECK(sections.at("sso-session corp").value("sso_region") == "us-east-1");
  CHECK(sections.at("services local").nested.at("kms").at("endpoint_url") == "http://127.0.0.1:1");
  CHECK(sections.at("services local").nested.at("sts").at("endpoint_url") == "http://127.0.0.1:2");
  const AwsSections credentials = parse_aws_config("[dev]\na = 1\n[profile other]\na = 2\n", false);
  CHECK(credentials.size() == 1);
  CHECK(credentials.at("dev").value("a") == "1");
}

TEST_CASE("the credentials file wins, value by value, and a pair of keys brings its own token") {
  const Home home;
  home.write("config",
             "[default]\naws_access_key_id = C\naws_secret_access_key = c\naws_session_token = t\nregion = x\n"
             "[profile dev]\nrole_arn = r1\nmax_attempts = 7\n");
  home.write("credentials", "[default]\naws_access_key_id = K\naws_secret_access_key = k\n[dev]\nrole_arn = r2\n");
  const AwsProfile profile = home.select();
  CHECK(profile.value("aws_access_key_id") == "K");
  CHECK(profile.value("aws_secret_access_key") == "k");
  CHECK(profile.value("aws_session_token").empty());
  CHECK(profile.value("region") == "x");
  CHECK(profile.other("dev").value("role_arn") == "r2");
  CHECK(profile.other("dev").value("max_attempts") == "7");
}

TEST_CASE("which profile: the key's, AWS_PROFILE, AWS_DEFAULT_PROFILE, default") {
  Home home;
  CHECK(home.select().name() == "default");
  CHECK(!home.select().present());
  home.write("config", "[profile a]\nx = 1\n[profile b]\nx = 2\n[profile c]\nx = 3\n");
  home.environment.variables["AWS_DEFAULT_PROFILE"] = "a";
  CHECK(home.select().name() == "a");
  home.environment.variables["AWS_PROFILE"] = "b";
  CHECK(home.select().name() == "b");
  CHECK(home.select("c").name() == "c");
  CHECK(home.select("c").named_by_key());
  CHECK(!home.select().named_by_key());
  CHECK(home.failure("prof") == "could not load AWS config: failed to get shared config profile, prof");
  home.environment.variables["AWS_PROFILE"] = "nobody";
  CHECK(home.failure() == "could not load AWS config: failed to get shared config profile, nobody");
}

TEST_CASE("half a pair of keys is an error of its profile alone") {
  const Home home;
  home.write("credentials", "[default]\naws_access_key_id = K\n[dev]\nx = 1\n");
  CHECK(home.failure() ==
        "could not load AWS config: error fetching config from profile, default, partial credentials "
        "found for profile default");
  CHECK(home.failure("dev") == "selected dev");
}

TEST_CASE("other files are named by variables, and one that is not there counts as empty") {
  Home home;
  home.write("mine", "[profile dev]\nx = 1\n");
  home.environment.variables["AWS_CONFIG_FILE"] = home.path + "/.aws/mine";
  home.environment.variables["AWS_SHARED_CREDENTIALS_FILE"] = home.path + "/.aws/nowhere";
  CHECK(home.select("dev").value("x") == "1");
}
