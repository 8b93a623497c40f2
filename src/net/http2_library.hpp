// libnghttp2 as it is used here: opened on first use, its functions by the types of its own header. It turns bytes into
// frames and back and opens no socket. Included by net/http2* alone.
#pragma once

#include <nghttp2/nghttp2.h>

namespace leafseal {

struct Http2Library {
  decltype(&nghttp2_session_callbacks_new) callbacks_new = nullptr;
  decltype(&nghttp2_session_callbacks_del) callbacks_del = nullptr;
  decltype(&nghttp2_session_callbacks_set_on_header_callback) set_on_header = nullptr;
  decltype(&nghttp2_session_callbacks_set_on_begin_headers_callback) set_on_begin_headers = nullptr;
  decltype(&nghttp2_session_callbacks_set_on_data_chunk_recv_callback) set_on_data = nullptr;
  decltype(&nghttp2_session_callbacks_set_on_frame_recv_callback) set_on_frame = nullptr;
  decltype(&nghttp2_session_callbacks_set_on_stream_close_callback) set_on_close = nullptr;
  decltype(&nghttp2_option_new) option_new = nullptr;
  decltype(&nghttp2_option_del) option_del = nullptr;
  decltype(&nghttp2_option_set_max_outbound_ack) set_max_outbound_ack = nullptr;
  decltype(&nghttp2_session_client_new3) client_new = nullptr;
  decltype(&nghttp2_session_server_new3) server_new = nullptr;
  decltype(&nghttp2_session_del) session_del = nullptr;
  decltype(&nghttp2_session_mem_recv) receive = nullptr;
  decltype(&nghttp2_session_mem_send) send = nullptr;
  decltype(&nghttp2_session_want_read) want_read = nullptr;
  decltype(&nghttp2_session_want_write) want_write = nullptr;
  decltype(&nghttp2_session_terminate_session) terminate = nullptr;
  decltype(&nghttp2_submit_settings) submit_settings = nullptr;
  decltype(&nghttp2_submit_request) submit_request = nullptr;
  decltype(&nghttp2_submit_response) submit_response = nullptr;
  decltype(&nghttp2_submit_trailer) submit_trailer = nullptr;
  decltype(&nghttp2_submit_rst_stream) submit_rst_stream = nullptr;
  decltype(&nghttp2_submit_window_update) submit_window_update = nullptr;
  bool usable = false;

  Http2Library();
};

// Throws Error{generic}. Safe to call from several threads.
const Http2Library& http2_library();

}  // namespace leafseal
