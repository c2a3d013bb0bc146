// Debian's Chromium, and what a page of ours did in it.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

export const launch = () =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** Types the line into a shell, as its reader would. */
export const shell = (line, env = {}) =>
  promisify(execFile)("bash", ["-c", line], { env: { ...process.env, ...env } });

/** All that a page asks for and complains of, from now on. */
export function watchPage(page) {
  const requests = [];
  const complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("websocket", (socket) => requests.push(socket.url()));
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  return { requests, complaints };
}
