"""The part of PostgreSQL's wire protocol that the chaos run needs: framing, and a small client."""

import socket
import struct

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST, VERSION_3 = 80877103, 80877104, 80877102, 196608


class SqlError(Exception):
    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


def error_fields(body):
    """The fields of an ErrorResponse by their letter; C is the SQLSTATE."""
    parts = body.rstrip(b"\0").split(b"\0")
    return {part[:1].decode(): part[1:].decode(errors="replace") for part in parts if part}


def statement_of_bind(body):
    """The name of the prepared statement that a Bind message is about."""
    return body.split(b"\0", 2)[1].decode(errors="replace")


class Client:
    """A blocking session for plain SQL; every value comes back as text or None."""

    def __init__(self, port, user="postgres", database="resolute", timeout_s=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
        self.buffer = b""
        try:
            options = f"user\0{user}\0database\0{database}\0application_name\0chaos\0\0".encode()
            self.socket.sendall(struct.pack("!ii", len(options) + 8, VERSION_3) + options)
            self._until_ready()
        except BaseException:
            self.socket.close()
            raise

    def query(self, sql):
        text = sql.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!i", len(text) + 4) + text)
        return self._until_ready()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _exactly(self, count):
        while len(self.buffer) < count:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("the server closed the connection")
            self.buffer += more
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _until_ready(self):
        rows, error = [], None
        while True:
            kind, length = struct.unpack("!ci", self._exactly(5))
            body = self._exactly(length - 4)
            if kind == b"D":
                rows.append(row_of(body))
            elif kind == b"E":
                fields = error_fields(body)
                error = SqlError(fields.get("C", ""), fields.get("M", ""))
                if fields.get("S") in ("FATAL", "PANIC"):
                    raise error
            elif kind == b"Z":
                if error:
                    raise error
                return rows


def row_of(body):
    values, at = [], 2
    for _ in range(struct.unpack_from("!h", body)[0]):
        length = struct.unpack_from("!i", body, at)[0]
        at += 4
        values.append(None if length < 0 else body[at : at + length].decode())
        at += max(0, length)
    return tuple(values)
