// libcurl as it is used here: opened on first use, its functions by the types of its own header, and a heap that wipes
// what it frees, since requests hold tokens and data keys. Included by net/http* alone.
#pragma once

#include <curl/curl.h>
#include <openssl/ssl.h>

namespace leafseal {

struct Curl {
  decltype(&curl_global_init_mem) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_reset) easy_reset = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
  decltype(&curl_getdate) getdate = nullptr;
  decltype(&SSL_CTX_set_options) ssl_set_options = nullptr;  // of the libssl that libcurl brought along, if it did
  bool usable = false;

  Curl();
};

// Throws HttpError{no_library}. Safe to call from several threads.
const Curl& curl();

}  // namespace leafseal
