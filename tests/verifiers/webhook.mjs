// A receiver of webhooks that trusts nothing but the package standardwebhooks; the same as webhook.py.
//
//     node webhook.mjs serve SECRET_FILE OUT_FILE [PORT]
//     node webhook.mjs judge SECRET_FILE
//
// The folder that holds node_modules is the current one.

import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const { Webhook } = createRequire(join(process.cwd(), "x.js"))("standardwebhooks");
const BODY_BYTES_MAX = 20_000;

const verdict = (secret, headers, body) => {
  try {
    new Webhook(secret).verify(body, headers);
    return null;
  } catch (error) {
    return error.message || "refused";
  }
};

const serve = (secretFile, outFile, port) => {
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces).subarray(0, BODY_BYTES_MAX).toString();
    const refused = verdict(readFileSync(secretFile, "utf8").trim(), request.headers, body);
    appendFileSync(outFile, `${JSON.stringify({ headers: request.headers, body, refused })}\n`);
    response.writeHead(refused === null ? 204 : 400).end();
  });
  server.listen(port, "127.0.0.1", () => console.log(server.address().port));
};

const judge = (secretFile) => {
  const secret = readFileSync(secretFile, "utf8").trim();
  const { headers, body } = JSON.parse(readFileSync(0, "utf8"));
  const [ours, other] = [new Webhook(secret), new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
  const id = headers["webhook-id"];
  const signed = (minutes) => {
    const at = new Date(Date.now() + minutes * 60_000);
    const stamp = String(Math.floor(at.getTime() / 1000));
    return { ...headers, "webhook-timestamp": stamp, "webhook-signature": ours.sign(id, at, body) };
  };
  const stamp = Number(headers["webhook-timestamp"]);
  const forged = other.sign(id, new Date(stamp * 1000), body);
  const tries = {
    "as it came": [headers, body],
    "signed now": [signed(0), body],
    "another body": [headers, body.replaceAll("consent", "concent")],
    "another id": [{ ...headers, "webhook-id": "msg_other" }, body],
    "a later moment": [{ ...headers, "webhook-timestamp": String(stamp + 1) }, body],
    "ten minutes late": [signed(-10), body],
    "ten minutes early": [signed(10), body],
    "another secret": [{ ...headers, "webhook-signature": forged }, body],
    "no signature": [{ ...headers, "webhook-signature": "" }, body],
    "an unknown version": [{ ...headers, "webhook-signature": `v9${headers["webhook-signature"].slice(2)}` }, body],
  };
  const taken = Object.entries(tries).map(([name, message]) => [name, verdict(secret, ...message) === null]);
  console.log(JSON.stringify(Object.fromEntries(taken)));
};

const [, , mode, secretFile, outFile, port] = process.argv;
if (mode === "serve") serve(secretFile, outFile, Number(port ?? 0));
else judge(secretFile);
