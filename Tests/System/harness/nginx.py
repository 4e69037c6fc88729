"""nginx before a server, on the loopback and as an ordinary user."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import httpx

from .processes import free_port
from .waiting import wait_until

PROGRAM = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
FRAME = """
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


class Nginx:
    """`prepare` is given this, and returns the text of a `server` block."""

    def __init__(self, prepare):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="convene-nginx-", dir="/tmp"))
        self.port = free_port()
        (self.folder / "nginx.conf").write_text(FRAME.format(folder=self.folder, server=prepare(self)))
        command = [PROGRAM, "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log",
                   "-g", "daemon off;"]
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, 65534, 65534)
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        self.running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def certificate(self):
        """Paths of a certificate for localhost and of its key."""
        paths = self.folder / "certificate.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
        return paths

    def wait(self, url):
        wait_until(
            lambda: self.running.poll() is not None or httpx.get(f"{url}/health", verify=False).status_code == 200,
            within=20, what="nginx to answer")
        assert self.running.poll() is None, (self.folder / "error.log").read_text()

    def stop(self):
        self.running.terminate()
        self.running.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
