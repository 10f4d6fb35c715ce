"""A pet shop behind HTTP on this machine, which workflows of the features call."""

import base64
import hashlib
import http.server
import json
import re
import secrets
import threading
import urllib.parse

PETS = {1: {"id": 1, "name": "Milou", "status": "available"},
        2: {"id": 2, "name": "Rex", "status": "sold"}}


class Answer:
    def __init__(self, status, body=None, kind="application/json", **headers):
        self.status, self.kind, self.headers = status, kind, headers
        self.body = body if isinstance(body, bytes) else b"" if body is None else (
            json.dumps(body).encode() if kind.endswith("json") else body.encode())


class Shop:
    def __init__(self):
        self.password = "canary-" + secrets.token_hex(8)
        self.token = "token-" + secrets.token_hex(8)
        self.asked, self.lock, self.failures = [], threading.Lock(), {}
        shop = self

        class Door(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                answer = shop.answer(self.command, self.path, self.headers, self.rfile.read(length))
                self.send_response(answer.status)
                if answer.body or answer.status == 200:
                    self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(answer.body)))
                for name, value in answer.headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

            def log_message(self, *_):
                """What was asked is in `shop.asked`."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, method, target, headers, body):
        path, _, query = target.partition("?")
        values = urllib.parse.parse_qs(query)
        with self.lock:
            self.asked.append({"method": method, "path": path})
            count = sum(one["path"] == path for one in self.asked)
        for pattern, room in ROOMS:
            if found := re.fullmatch(pattern, path):
                return room(self, {"method": method, "path": path, "query": values, "body": body,
                                   "headers": headers, "count": count}, *found.groups())
        return Answer(404, {"title": "Not Found", "detail": f"nothing is at {path}"})

    # ---- what is behind each path

    def pet(self, _, number):
        pet = PETS.get(int(number))
        return Answer(200, pet) if pet else Answer(404, {"detail": f"no pet {number}"})

    def pets(self, request):
        if request["method"] == "POST":
            return Answer(201, {"id": 3, **json.loads(request["body"])})
        wanted = request["query"].get("status", ["available"])
        return Answer(200, [pet for pet in PETS.values() if pet["status"] in wanted])

    def echo(self, request, *_):
        return Answer(200, {
            "method": request["method"], "query": request["query"],
            "headers": {name.lower(): value for name, value in request["headers"].items()},
            "body": request["body"].decode(),
        })  # fmt: skip

    def status(self, _, code):
        return Answer(int(code), {"detail": f"this is {code}"})

    def flaky(self, request, failures):
        """Fails so many times, then is good."""
        if request["count"] <= int(failures):
            return Answer(503, {"detail": "not yet"})
        return Answer(200, {"tries": request["count"]})

    def text(self, _):
        return Answer(200, "hello", "text/plain")

    def moved(self, _):
        return Answer(302, None, Location="/pets/1")

    def slow(self, _):
        threading.Event().wait(5)
        return Answer(200, {})

    def basic(self, request, user, password):
        wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        good = request["headers"].get("Authorization") == wanted
        return Answer(200, {"authenticated": True, "user": user}) if good else Answer(401)

    def configured_basic(self, request):
        return self.basic(request, "ann", self.password)

    def bearer(self, request):
        said = request["headers"].get("Authorization", "")
        good = said in (f"Bearer {self.password}", f"Bearer {self.token}", "Bearer plain")
        return Answer(200, {"you": said}) if good else Answer(401, {"detail": "who are you?"})

    def digest(self, request):
        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()

        said = request["headers"].get("Authorization", "")
        found = dict(re.findall(r'(\w+)="?([^",]+)"?', said))
        proof = md5(":".join([md5("ann:shop:pw"), "n1", found.get("nc", ""),
                              found.get("cnonce", ""), "auth", md5("GET:/digest")]))
        if found.get("response") == proof:
            return Answer(200, {"authenticated": True})
        return Answer(401, None, WWW_Authenticate='Digest realm="shop", nonce="n1", qop="auth"')

    def give_token(self, request):
        form = urllib.parse.parse_qs(request["body"].decode())
        if form.get("client_secret") != [self.password]:
            return Answer(401, {"error": "invalid_client"})
        return Answer(200, {"access_token": self.token, "token_type": "Bearer"})

    def discovery(self, _):
        return Answer(200, {"token_endpoint": self.url + "/realm/oauth2/token"})

    def swagger(self, _):
        return Answer(200, {
            "swagger": "2.0", "host": self.url.removeprefix("http://"), "basePath": "/",
            "schemes": ["http"], "paths": {
                "/pets": {
                    "get": {"operationId": "findPets", "parameters": [
                        {"name": "status", "in": "query", "type": "string", "required": True}]},
                    "post": {"operationId": "addPet", "parameters": [
                        {"name": "pet", "in": "body", "schema": {"type": "object"}}]}},
                "/pets/{petId}": {"get": {"operationId": "getPet", "parameters": [
                    {"name": "petId", "in": "path", "type": "integer", "required": True}]}}},
        })  # fmt: skip

    def openapi(self, _):
        return Answer(200, {
            "openapi": "3.0.3", "servers": [{"url": "/"}], "paths": {
                "/echo/{part}": {
                    "parameters": [{"$ref": "#/components/parameters/part"}],
                    "post": {"operationId": "say", "parameters": [
                        {"name": "tag", "in": "query", "schema": {"type": "array"}},
                        {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}],
                        "requestBody": {"content": {"application/json": {"schema": {
                            "type": "object", "properties": {"name": {"type": "string"}}}}}}}}},
            "components": {"parameters": {"part": {
                "name": "part", "in": "path", "required": True, "schema": {"type": "string"}}}},
        })  # fmt: skip

    def mcp(self, request):
        """A server of the Model Context Protocol, whose answers come as events."""
        asked = json.loads(request["body"] or b"{}")
        if "id" not in asked:
            return Answer(202)
        result = {}
        if asked["method"] == "initialize":
            result = {"protocolVersion": asked["params"]["protocolVersion"],
                      "capabilities": {"tools": {}}, "serverInfo": {"name": "shop", "version": "1"}}
        elif asked["method"] == "tools/list":
            result = {"tools": [{"name": name, "inputSchema": {"type": "object"}}
                                for name in ("add", "fail")]}
        elif asked["method"] != "tools/call":
            unknown = {"code": -32601, "message": "there is no " + asked["method"]}
            return Answer(200, {"jsonrpc": "2.0", "id": asked["id"], "error": unknown})
        elif asked["params"]["name"] == "fail":
            result = {"isError": True, "content": [{"type": "text", "text": "no such luck"}]}
        else:
            total = sum(asked["params"]["arguments"].values())
            result = {"content": [{"type": "text", "text": str(total)}],
                      "structuredContent": {"sum": total}}
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": result}
        return Answer(200, f"event: message\ndata: {json.dumps(answer)}\n\n", "text/event-stream",
                      Mcp_Session_Id="shop-1")

    def new_mcp(self, request):
        """A server of revision 2026-07-28, which knows no handshake."""
        asked = json.loads(request["body"])
        said, about = request["headers"], asked["params"].get("_meta", {})
        answer = {"jsonrpc": "2.0", "id": asked["id"]}
        method, status = asked["method"], 200
        if about.get("io.modelcontextprotocol/protocolVersion") != "2026-07-28":
            status, answer["error"] = 400, {"code": -32602, "message": "no protocolVersion"}
        elif said.get("Mcp-Method") != method:
            status, answer["error"] = 400, {"code": -32020, "message": "headers differ"}
        elif method == "server/discover":
            answer["result"] = {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}
        elif method == "tools/call" and said.get("Mcp-Name") == asked["params"]["name"] == "add":
            total = sum(asked["params"]["arguments"].values())
            answer["result"] = {"resultType": "complete", "structuredContent": {"sum": total},
                                "content": [{"type": "text", "text": str(total)}]}
        else:
            status, answer["error"] = 404, {"code": -32601, "message": "there is no " + method}
        return Answer(status, answer)

    def agent_card(self, _):
        return Answer(200, {"name": "reporter", "url": self.url + "/agent",
                            "preferredTransport": "JSONRPC", "protocolVersion": "0.3.0"})

    def new_card(self, _):
        places = [{"url": self.url + "/grpc", "protocolBinding": "GRPC", "protocolVersion": "1.0"},
                  {"url": self.url + "/new-agent", "protocolBinding": "JSONRPC",
                   "protocolVersion": "1.0"}]
        return Answer(200, {"name": "reporter", "version": "2", "supportedInterfaces": places})

    def new_agent(self, request):
        """Speaks A2A 1.0 and nothing else."""
        asked = json.loads(request["body"])
        assert request["headers"]["A2A-Version"] == "1.0" and asked["method"] == "SendMessage"
        message = asked["params"]["message"]
        assert message["role"] == "ROLE_USER" and set(message["parts"][0]) == {"text"}
        assert message["messageId"] and "kind" not in message
        said = message["parts"][0]["text"] + " is done"
        task = {"id": "t-1", "contextId": "c-1", "status": {"state": "TASK_STATE_COMPLETED"},
                "artifacts": [{"artifactId": "r", "parts": [{"text": said}]}]}
        return Answer(200, {"jsonrpc": "2.0", "id": asked["id"], "result": {"task": task}})

    def agent(self, request):
        asked = json.loads(request["body"])

        def answer(**what):
            return {"jsonrpc": "2.0", "id": asked["id"], **what}

        if asked["method"] == "message/stream":
            states = [answer(result={"kind": "status-update", "status": {"state": state}})
                      for state in ("working", "completed")]
            return Answer(200, "".join(f"data: {json.dumps(one)}\n\n" for one in states),
                          "text/event-stream")
        if asked["method"] != "message/send":
            return Answer(200, answer(error={"code": -32001, "message": "Task not found"}))
        message = asked["params"]["message"]
        assert message["messageId"] and message["role"] == "user"
        said = message["parts"][0]["text"] + " is done"
        return Answer(200, answer(result={"kind": "message", "role": "agent", "messageId": "a-1",
                                          "parts": [{"kind": "text", "text": said}]}))


ROOMS = [
    (r"/pets/(\d+)", Shop.pet), (r"/pets", Shop.pets), (r"/echo(/.*)?", Shop.echo),
    (r"/status/(\d+)", Shop.status), (r"/flaky/\w+/(\d+)", Shop.flaky), (r"/text", Shop.text),
    (r"/moved", Shop.moved), (r"/slow", Shop.slow),
    (r"/basic/([^/]+)/([^/]+)", Shop.basic), (r"/basic", Shop.configured_basic),
    (r"/bearer", Shop.bearer), (r"/digest", Shop.digest),
    (r"/realm/oauth2/token", Shop.give_token),
    (r"/realm/.well-known/openid-configuration", Shop.discovery),
    (r"/mcp", Shop.mcp), (r"/agent-card", Shop.agent_card), (r"/agent", Shop.agent),
    (r"/new-mcp", Shop.new_mcp),
    (r"/new-card", Shop.new_card), (r"/new-agent", Shop.new_agent),
    (r"/swagger.json", Shop.swagger), (r"/openapi.json", Shop.openapi),
]  # fmt: skip
