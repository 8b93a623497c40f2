"""A server that keeps the requests it gets, and answers as a small Vault, an S3 and a Cloud Storage that take everything.

    with RecordingServer() as server:
        ... run something with VAULT_ADDR=server.url ...
        for request in server.requests: ...
"""
import http.server
import json
import threading
import urllib.parse

TOKEN = "root"


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.body = method, path, body
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.status, self.found = 0, False

    @property
    def service(self):
        if self.path.startswith("/v1/"):
            return "vault"
        return "gcs" if self.path.startswith("/upload/storage/") else "s3"


class RecordingServer:
    def __init__(self):
        self.requests, self.secrets = [], {}
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, self.path, self.headers, body)
                request.status, answer = recorder.answer(request)
                recorder.requests.append(request)
                data = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(request.status)
                if request.status != 204:
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_PUT = do_POST = answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def taken(self):
        """The requests since the last call."""
        requests, self.requests = self.requests, []
        return requests

    def answer(self, request):
        if request.service == "vault":
            return self.vault(request)
        if request.service == "gcs":
            name = urllib.parse.parse_qs(urllib.parse.urlsplit(request.path).query)["name"][0]
            return 200, {"kind": "storage#object", "name": name}
        return 200, None

    def vault(self, request):
        """kv/ is version 1, secret/ version 2, as the recorded server had them."""
        if request.headers.get("x-vault-namespace"):
            return 404, {"errors": ["namespace not found"]}
        if request.headers.get("x-vault-token") != TOKEN:
            return 403, {"errors": ["permission denied"]}
        first_version = request.path.startswith("/v1/kv/")
        if request.method == "PUT":
            self.secrets[request.path] = json.loads(request.body)
            return (204, None) if first_version else (200, {"data": {"version": 1}})
        if request.path not in self.secrets:
            return 404, {"errors": []}
        request.found = True
        stored = self.secrets[request.path]
        return 200, {"data": stored if first_version else {**stored, "metadata": {"version": 1}}}
