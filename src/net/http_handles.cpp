#include "net/http_handles.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace leafseal {
namespace {

bool holds(const std::vector<std::string>& places, const std::string& place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

}  // namespace

HttpHandles& HttpHandles::all() {
  static HttpHandles pool(curl());
  return pool;
}

HttpHandles::~HttpHandles() {
  for (const Lease::Handle& handle : idle_) curl_.easy_cleanup(handle.easy);
}

HttpHandles::Lease::Lease(HttpHandles& pool, std::string place)
    : pool_(pool), place_(std::move(place)), handle_(pool.take(place_)) {}

HttpHandles::Lease::~Lease() { pool_.give_back(std::move(handle_), std::move(place_)); }

HttpHandles::Lease::Handle HttpHandles::take(const std::string& place) {
  std::unique_lock lock(mutex_);
  for (;;) {
    auto found =
        std::find_if(idle_.begin(), idle_.end(), [&](const auto& handle) { return holds(handle.places, place); });
    if (found == idle_.end() && made_ == most && !idle_.empty()) found = idle_.begin();
    if (found != idle_.end()) {
      Lease::Handle handle = std::move(*found);
      idle_.erase(found);
      return handle;
    }
    if (made_ < most) break;
    returned_.wait(lock);
  }
  Lease::Handle handle{curl_.easy_init(), {}};
  if (handle.easy == nullptr) throw std::bad_alloc();
  ++made_;
  idle_.reserve(made_);  // giving back must not fail
  return handle;
}

void HttpHandles::give_back(Lease::Handle handle, std::string place) {
  curl_.easy_reset(handle.easy);  // keeps connections, drops pointers to the request
  if (!holds(handle.places, place)) handle.places.push_back(std::move(place));
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
  returned_.notify_one();
}

}  // namespace leafseal
