"""A server with HTTPS before a plain one, as a proxy is: what a witness has before it, or a receiver of webhooks.

    https.py CERTIFICATE_FILE TARGET_URL

Makes an authority of its own, writes its certificate to the file, and passes each POST on to the target, with its headers. Prints the port.
"""

import datetime
import http.server
import ipaddress
import ssl
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DAY = datetime.timedelta(days=1)


def certificate(name, key, issuer, issuer_key, *, authority):
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + DAY)
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    if not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def named(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def context(file):
    """Writes the authority's certificate, and gives a server's context with a certificate by that authority."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = certificate(named("authority"), authority_key, named("authority"), authority_key, authority=True)
    own = certificate(named("witness"), key, named("authority"), authority_key, authority=False)
    pem = serialization.Encoding.PEM
    Path(file).write_bytes(authority.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with tempfile.NamedTemporaryFile(suffix=".pem") as chain:
        chain.write(private + own.public_bytes(pem))
        chain.flush()
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(chain.name)
    return server


def handler(target):
    class Proxy(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                head = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                answer = urllib.request.urlopen(urllib.request.Request(target + self.path, body, head))
            except urllib.error.HTTPError as error:
                answer = error
            text = answer.read()
            self.send_response(answer.status)
            self.send_header("content-type", answer.headers.get("content-type", "text/plain"))
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    return Proxy


def main(file, target):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(target))
    server.socket = context(file).wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
