#include "net/http2_library.hpp"

#include <dlfcn.h>

#include <type_traits>

#include "leafseal/error.hpp"

namespace leafseal {

Http2Library::Http2Library() {
  void* library = dlopen("libnghttp2.so.14", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return;
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    return function != nullptr;
  };
  usable = find(callbacks_new, "nghttp2_session_callbacks_new") &&
           find(callbacks_del, "nghttp2_session_callbacks_del") &&
           find(set_on_header, "nghttp2_session_callbacks_set_on_header_callback") &&
           find(set_on_begin_headers, "nghttp2_session_callbacks_set_on_begin_headers_callback") &&
           find(set_on_data, "nghttp2_session_callbacks_set_on_data_chunk_recv_callback") &&
           find(set_on_frame, "nghttp2_session_callbacks_set_on_frame_recv_callback") &&
           find(set_on_close, "nghttp2_session_callbacks_set_on_stream_close_callback") &&
           find(option_new, "nghttp2_option_new") && find(option_del, "nghttp2_option_del") &&
           find(set_max_outbound_ack, "nghttp2_option_set_max_outbound_ack") &&
           find(client_new, "nghttp2_session_client_new3") && find(server_new, "nghttp2_session_server_new3") &&
           find(session_del, "nghttp2_session_del") && find(receive, "nghttp2_session_mem_recv") &&
           find(send, "nghttp2_session_mem_send") && find(want_read, "nghttp2_session_want_read") &&
           find(want_write, "nghttp2_session_want_write") &&
           find(terminate, "nghttp2_session_terminate_session") &&
           find(submit_settings, "nghttp2_submit_settings") && find(submit_request, "nghttp2_submit_request") &&
           find(submit_response, "nghttp2_submit_response") && find(submit_trailer, "nghttp2_submit_trailer") &&
           find(submit_rst_stream, "nghttp2_submit_rst_stream") &&
           find(submit_window_update, "nghttp2_submit_window_update");
}

const Http2Library& http2_library() {
  static const Http2Library library;
  if (!library.usable) {
    throw Error(ExitCode::generic, "libnghttp2.so.14 cannot be loaded, and the key service protocol needs it",
                {"install it: apt-get install libnghttp2-14"});
  }
  return library;
}

}  // namespace leafseal
