// A double of Http for unit tests of key services: it keeps the requests and gives the answers that the test laid down,
// in order. A request too many is an HttpError{unreachable}, as if nobody listened.
//
//   HttpDouble service({{200, {}, R"({"plaintext":"..."})"}});
//   Environment environment;
//   environment.http = &service;
//   ...
//   CHECK(service.requests().at(0).url == "https://...");
#pragma once

#include <deque>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include "leafseal/http.hpp"

namespace leafseal {

class HttpDouble final : public Http {
 public:
  using Answer = std::variant<HttpResponse, HttpError>;

  HttpDouble() = default;
  explicit HttpDouble(std::deque<Answer> answers) : answers_(std::move(answers)) {}

  void will_answer(Answer answer) { answers_.push_back(std::move(answer)); }
  const std::vector<HttpRequest>& requests() const { return requests_; }

  HttpResponse send(const HttpRequest& request, const Environment&) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (answers_.empty()) throw HttpError(HttpFault::unreachable, "no answer from the double: connection refused");
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    if (const auto* error = std::get_if<HttpError>(&answer)) throw *error;
    return std::get<HttpResponse>(std::move(answer));
  }

 private:
  std::mutex mutex_;
  std::deque<Answer> answers_;
  std::vector<HttpRequest> requests_;
};

// The value of a request's header, whatever the case of its name; empty if absent.
inline std::string header_of(const HttpRequest& request, std::string_view lower_case_name) {
  for (const auto& [name, value] : request.headers) {
    std::string lower = name;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (lower == lower_case_name) return value;
  }
  return "";
}

}  // namespace leafseal
