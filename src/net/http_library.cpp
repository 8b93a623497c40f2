#include "net/http_library.hpp"

#include <dlfcn.h>
#include <string.h>

#include <cstdlib>
#include <type_traits>

#include "leafseal/http.hpp"
#include "net/wiped_allocation.hpp"

namespace leafseal {

Curl::Curl() {
  void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return;
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    return function != nullptr;
  };
  find(ssl_set_options, "SSL_CTX_set_options");
  usable = find(global_init, "curl_global_init_mem") && find(easy_init, "curl_easy_init") &&
           find(easy_cleanup, "curl_easy_cleanup") && find(easy_reset, "curl_easy_reset") &&
           find(easy_setopt, "curl_easy_setopt") && find(easy_perform, "curl_easy_perform") &&
           find(easy_getinfo, "curl_easy_getinfo") && find(easy_strerror, "curl_easy_strerror") &&
           find(slist_append, "curl_slist_append") && find(slist_free_all, "curl_slist_free_all") &&
           find(getdate, "curl_getdate") &&
           global_init(CURL_GLOBAL_DEFAULT, std::malloc, wiped_free, wiped_realloc, ::strdup, std::calloc) == CURLE_OK;
}

const Curl& curl() {
  static const Curl library;
  if (!library.usable) {
    throw HttpError(HttpFault::no_library, "libcurl.so.4 cannot be loaded, and requests to key services need it",
                    {"install it: apt-get install libcurl4"});
  }
  return library;
}

}  // namespace leafseal
