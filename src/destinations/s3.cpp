#include "destinations/s3.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "leafseal/error.hpp"
#include "net/crc32.hpp"
#include "net/hosts.hpp"
#include "net/url.hpp"
#include "recipients/aws_client.hpp"
#include "recipients/aws_endpoint.hpp"

namespace leafseal {
namespace {

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

std::string region_of(const AwsProfile& profile, const Environment& environment) {
  std::string region = environment.variable("AWS_REGION")
                           .value_or(environment.variable("AWS_DEFAULT_REGION").value_or(profile.value("region")));
  if (is_region(region)) return region;
  const std::string problem = region.empty() ? "no region of AWS is set" : "no region of AWS: " + quoted(region);
  throw Error(ExitCode::generic, "operation error S3: PutObject, " + problem,
              {"set AWS_REGION to that of the bucket, or region in the profile"});
}

// AWS_REQUEST_CHECKSUM_CALCULATION=when_required, for services that do not know the header.
bool wants_checksum(const AwsProfile& profile, const Environment& environment) {
  std::string when =
      environment.variable("AWS_REQUEST_CHECKSUM_CALCULATION").value_or(profile.value("request_checksum_calculation"));
  std::transform(when.begin(), when.end(), when.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return when != "when_required";
}

class S3Destination final : public Destination {
 public:
  S3Destination(DestinationPlace place, const Environment& environment, AwsAccess& access)
      : place_(std::move(place)), environment_(environment), access_(access) {}

  std::string shown(const std::string& name) const override {
    return "s3://" + place_.bucket + "/" + place_.prefix + name;
  }

  Stored store(const std::string& name, const std::string& content) const override {
    if (place_.bucket.starts_with("arn:")) {
      throw Error(ExitCode::generic, "no name of a bucket: " + quoted(place_.bucket),
                  {"write the alias of an access point: it can stand where a bucket's name does"});
    }
    const AwsProfile profile = access_.profile("");
    AwsRequest request = request_for(name, region_of(profile, environment_), profile);
    if (wants_checksum(profile, environment_)) {
      request.headers.emplace_back("X-Amz-Checksum-Crc32", crc32_base64(content, crc32_ieee));
    }
    request.body = content;
    const AwsKeys keys = access_.keys(profile, request.region, "");
    try {
      send_to_aws(request, &keys, profile, environment_);
    } catch (HttpError& error) {
      if (error.fault() == HttpFault::redirect) error.hint("the bucket may lie in another region: set AWS_REGION");
      throw;
    }
    return Stored::written;
  }

 private:
  AwsRequest request_for(const std::string& name, std::string region, const AwsProfile& profile) const {
    AwsRequest request;
    request.service = "s3";
    request.operation = "S3: PutObject";
    request.region = std::move(region);
    request.method = "PUT";
    request.path = "/" + percent_encode(place_.prefix + name, "/") + "?x-id=PutObject";
    const auto endpoint = parse_url(aws_endpoint("s3", request.region, profile, environment_));
    if (endpoint && is_host_label_of_bucket(place_.bucket) && !is_address(endpoint->host)) {
      request.host_prefix = place_.bucket + ".";
    } else {
      request.path.insert(0, "/" + percent_encode(place_.bucket));
    }
    request.headers = {{"Content-Type", "application/octet-stream"}};
    return request;
  }

  DestinationPlace place_;
  const Environment& environment_;
  AwsAccess& access_;
};

}  // namespace

bool is_host_label_of_bucket(const std::string& bucket) {
  if (bucket.size() < 3 || bucket.size() > 63 || bucket.front() == '-' || bucket.back() == '-') return false;
  return std::all_of(bucket.begin(), bucket.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::unique_ptr<Destination> make_s3_destination(const DestinationPlace& place, const Environment& environment,
                                                 AwsAccess& access) {
  return std::make_unique<S3Destination>(place, environment, access);
}

}  // namespace leafseal
