// The process's connections. Each handle keeps those that it made open, and only one thread at a time uses it: so no
// host sees more connections than there are handles, and a thread gets the handle that spoke to the same place before.
// (libcurl's cache that threads could share is not safe to use from several at once.)
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_library.hpp"

namespace leafseal {

class HttpHandles {
 public:
  static HttpHandles& all();  // throws HttpError{no_library}

  // A handle of the pool for the life of the object; waits when all are taken.
  class Lease {
   public:
    // `place` names what the handle will speak to, such that equal names can use the same connection.
    Lease(HttpHandles& pool, std::string place);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    CURL* easy() const { return handle_.easy; }

   private:
    friend class HttpHandles;
    struct Handle {
      CURL* easy = nullptr;
      std::vector<std::string> places;  // it has spoken to
    };
    HttpHandles& pool_;
    std::string place_;
    Handle handle_;
  };

  ~HttpHandles();
  HttpHandles(const HttpHandles&) = delete;
  HttpHandles& operator=(const HttpHandles&) = delete;

 private:
  static constexpr std::size_t most = 8;
  explicit HttpHandles(const Curl& library) : curl_(library) {}
  Lease::Handle take(const std::string& place);
  void give_back(Lease::Handle handle, std::string place);

  const Curl& curl_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Lease::Handle> idle_;
  std::size_t made_ = 0;
};

}  // namespace leafseal
