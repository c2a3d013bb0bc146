// The console in a browser context of its own: the administrator at a desk.
import { until } from "../../system/lib/wait.js";
import { watchPage } from "./browser.js";

export class Console {
  /**
   * Signed in, on a view with its parameters, e.g. "push?room=456". `options`: of the browser's
   * context, e.g. `locale`; key: another than the admin key, null: none; `prepare`: runs in the
   * page before all.
   */
  static async open(browser, gateway, view = "overview", { key, prepare, ...options } = {}) {
    const viewport = { width: 1280, height: 800 };
    const context = await browser.newContext({ locale: "en-US", viewport, ...options });
    const one = new Console(await context.newPage());
    if (prepare) await one.page.addInitScript(prepare);
    const given = key === undefined ? gateway.adminKey : key;
    const parameter = given === null ? "" : `${view.includes("?") ? "&" : "?"}key=${given}`;
    await one.page.goto(`${gateway.url}/#/${view}${parameter}`);
    if (key === undefined) await one.inside();
    return one;
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

  inside() {
    return this.page.waitForSelector("header nav");
  }

  health(state) {
    return this.page.waitForSelector(`#health[data-state=${state}]`);
  }

  async go(view) {
    await this.page.click(`nav a[href="#/${view}"]`);
    await this.page.waitForSelector(`main#${view}`);
  }

  async signIn(key) {
    await this.page.fill("#key", key);
    await this.page.click("#sign-in");
  }

  /** What the form says, once it is that. */
  async fault(kind) {
    await this.page.waitForSelector(`#key-fault[data-fault=${kind}]`);
    return this.text("#key-fault");
  }

  /** Every number shown that is one of /metrics, by its series. */
  async numbers() {
    const rows = await this.page.$$eval("[data-series]", (all) =>
      all.map(({ dataset, textContent }) => [dataset.series, textContent.trim()]),
    );
    return new Map(rows.map(([series, text]) => [series, Number(text.replaceAll(",", ""))]));
  }

  // --- listening ---

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

  /** What a reader is told of each code that came. */
  async codes() {
    const all = await this.messages();
    return all.filter(({ name }) => name === "downmsg").map(({ words }) => words);
  }
}
