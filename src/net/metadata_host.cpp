#include "net/metadata_host.hpp"

#include <utility>

namespace leafseal {

HttpRequest metadata_request(std::string method, std::string url) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.direct = true;
  request.connect_timeout = request.timeout = std::chrono::seconds(1);
  request.tries = 1;
  return request;
}

}  // namespace leafseal
