"""A proxy like many before event streams: it passes everything on at once, but holds back the body of a stream until
there is a lot of it."""

import contextlib
import socket
import threading


class HoldingProxy:
    """Listens on loopback. `url` takes the place of the server's."""

    def __init__(self, port):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.streams = 0
        self._sockets = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                self._sockets += [browser, server]
                is_stream = threading.Event()
                threading.Thread(target=self._ask, args=(browser, server, is_stream), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, browser, is_stream), daemon=True).start()

    def _ask(self, browser, server, is_stream):
        with contextlib.suppress(OSError):
            while data := browser.recv(65_536):
                if b"GET /api/events/stream" in data:
                    self.streams += 1
                    is_stream.set()
                server.sendall(data)
        self._end(browser, server)

    def _answer(self, server, browser, is_stream):
        held, is_held = b"", False
        with contextlib.suppress(OSError):
            while data := server.recv(65_536):
                if not is_stream.is_set():
                    browser.sendall(data)
                elif is_held:
                    held += data
                else:
                    head, end, held = data.partition(b"\r\n\r\n")
                    browser.sendall(head + end)
                    is_held = bool(end)
        self._end(browser, server)

    @staticmethod
    def _end(*ends):
        for one in ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self):
        self._end(*self._sockets)
