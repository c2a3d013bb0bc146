// One HTTP request on a connection of its own, so that the order in which a server sees requests
// is the order in which a case sends them.
import http from "node:http";
import net from "node:net";

export const PATIENCE_MS = 5000;

/** @returns `sent` and `answer` ({status, headers, body}) as promises, and cut(). */
export function request(base, { method = "GET", path, headers = {}, body } = {}) {
  const length =
    body === undefined || headers["transfer-encoding"]
      ? {}
      : { "content-length": Buffer.byteLength(body) };
  const message = http.request(new URL(path, base), {
    method,
    headers: { ...length, ...headers },
    agent: false,
  });
  const sent = new Promise((resolve) => message.once("finish", resolve));
  const answer = new Promise((resolve, reject) => {
    message.setTimeout(PATIENCE_MS, () =>
      message.destroy(new Error(`no answer to ${method} ${path}`)),
    );
    message.once("error", reject);
    message.once("response", (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
  });
  answer.catch(() => {}); // whoever awaits it still sees the failure
  message.end(body);
  return { sent, answer, cut: () => message.destroy() };
}

/** Writes the head of a POST and less body than it announces; `closed` when the server cuts it. */
export function unfinishedPost(base, path, part, announced) {
  const { hostname, port } = new URL(base);
  const socket = net.connect(Number(port), hostname);
  const sent = new Promise((resolve, reject) => {
    socket.once("error", reject);
    const head = `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\n`;
    socket.write(`${head}Content-Length: ${announced}\r\n\r\n${part}`, () => resolve());
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  socket.resume();
  return { sent, closed, cut: () => socket.destroy() };
}
