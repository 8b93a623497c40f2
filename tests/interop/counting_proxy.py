"""A proxy in front of a server on loopback that counts connections and requests, keeps connections open whatever the server
does, and can make requests wait for each other.

    proxy = CountingProxy("http://127.0.0.1:8200")
    proxy.address                    what clients are given in place of the server's
    proxy.connections                how many were made
    proxy.requests                   what was asked: "PUT /v1/transit/decrypt/k", "POST / TrentService.Decrypt"
    proxy.gather                     a threading.Barrier: each request waits there before it goes on
"""
import http.client
import http.server
import threading
import urllib.parse


class CountingProxy:
    def __init__(self, server):
        proxy, self.target = self, urllib.parse.urlsplit(server).netloc
        self.lock = threading.Lock()
        self.gather = None
        self.clear()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                with proxy.lock:
                    proxy.connections += 1

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.note(" ".join(filter(None, (self.command, self.path, self.headers.get("X-Amz-Target")))))
                far = http.client.HTTPConnection(proxy.target, timeout=60)
                far.request(self.command, self.path, body, dict(self.headers.items()))
                answer = far.getresponse()
                text = answer.read()
                far.close()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "content-length", "transfer-encoding", "server", "date"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = pass_on

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def clear(self):
        with self.lock:
            self.connections, self.requests = 0, []

    def note(self, request):
        with self.lock:
            self.requests.append(request)
        if self.gather:
            try:
                self.gather.wait(10)
            except threading.BrokenBarrierError:
                pass
