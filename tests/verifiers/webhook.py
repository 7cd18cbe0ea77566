"""A receiver of webhooks that trusts nothing but the package standardwebhooks.

    webhook.py serve SECRET_FILE OUT_FILE [PORT]
    webhook.py judge SECRET_FILE

`serve` prints its port, takes each POST, and adds a JSON line to OUT_FILE: what it was, and why it was refused. It answers 204, or
400 to what it refuses. `judge` reads one such line and prints which of several messages made from it are taken: as it came, and
each changed, forged or late in one way.
"""

import datetime
import http.server
import json
import sys
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

BODY_BYTES_MAX = 20_000


def verdict(secret, headers, body):
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError as error:
        return str(error) or "refused"
    return None


def serve(secret_file, out_file, port):
    class Receiver(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(min(int(self.headers["content-length"]), BODY_BYTES_MAX)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            refused = verdict(secret_file.read_text().strip(), headers, body)
            line = json.dumps({"headers": headers, "body": body, "refused": refused})
            with out_file.open("a") as out:
                out.write(line + "\n")
            self.send_response(204 if refused is None else 400)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def judge(secret_file):
    secret = secret_file.read_text().strip()
    line = json.loads(sys.stdin.read())
    headers, body = line["headers"], line["body"]
    ours = Webhook(secret)
    now = datetime.datetime.now(datetime.timezone.utc)

    def signed(at):
        stamp = str(int(at.timestamp()))
        return {**headers, "webhook-timestamp": stamp, "webhook-signature": ours.sign(headers["webhook-id"], at, body)}

    signature = headers["webhook-signature"]
    other = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    stamped = datetime.datetime.fromtimestamp(int(headers["webhook-timestamp"]), datetime.timezone.utc)
    forged = other.sign(headers["webhook-id"], stamped, body)
    tries = {
        "as it came": (headers, body),
        "signed now": (signed(now), body),
        "another body": (headers, body.replace("consent", "concent")),
        "another id": ({**headers, "webhook-id": "msg_other"}, body),
        "a later moment": ({**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body),
        "ten minutes late": (signed(now - datetime.timedelta(minutes=10)), body),
        "ten minutes early": (signed(now + datetime.timedelta(minutes=10)), body),
        "another secret": ({**headers, "webhook-signature": forged}, body),
        "no signature": ({**headers, "webhook-signature": ""}, body),
        "an unknown version": ({**headers, "webhook-signature": "v9" + signature[2:]}, body),
    }
    print(json.dumps({name: verdict(secret, *message) is None for name, message in tries.items()}))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    else:
        judge(Path(sys.argv[2]))
