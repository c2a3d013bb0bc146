// Debian's Chromium, and what a page of ours did in it.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { until } from "../../system/lib/wait.js";

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
export const shell = (line) => promisify(execFile)("bash", ["-c", line]);

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

/** The push monitor in a tab of its own, with all that it asked for and complained of. */
export class Monitor {
  /** `options`: of the browser's context, e.g. `locale`; `prepare`: runs in the page before all. */
  static async open(browser, gateway, query = "", { prepare, ...options } = {}) {
    const context = await browser.newContext({ locale: "en-US", ...options });
    const monitor = new Monitor(await context.newPage());
    if (prepare) await monitor.page.addInitScript(prepare);
    await monitor.page.goto(`${gateway.url}/${query}`);
    return monitor;
  }

  constructor(page) {
    this.page = page;
    Object.assign(this, watchPage(page));
  }

  close() {
    return this.page.context().close();
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  connection(state) {
    return this.page.waitForSelector(`#connection[data-state=${state}]`);
  }

  room(state) {
    return this.page.waitForSelector(`#room-state[data-state=${state}]`);
  }

  /** The messages shown, newest first. */
  messages() {
    return this.page.$$eval("#entries li", (entries) =>
      entries.map((entry) => ({
        name: entry.querySelector(".name").textContent,
        words: entry.querySelector(".words")?.textContent,
        data: entry.querySelector(".data").textContent,
      })),
    );
  }

  /** The newest message of this name, once there is one. */
  message(name) {
    return until(
      async () => (await this.messages()).find((message) => message.name === name),
      `a message ${name} on the page`,
    );
  }

  /** What a screen reader is told of each code that came. */
  async codes() {
    const all = await this.messages();
    return all.filter(({ name }) => name === "downmsg").map(({ words }) => words);
  }
}
