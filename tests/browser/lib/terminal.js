// The terminal page in a browser context of its own: one person at one terminal.
import { until } from "../../system/lib/wait.js";
import { watchPage } from "./browser.js";

/** Runs in the page before all: counts the tones, keeps what is told to the desktop and with which
 * codes WebSockets are closed. */
function listen() {
  globalThis.closes = [];
  const close = WebSocket.prototype.close;
  WebSocket.prototype.close = function (...args) {
    globalThis.closes.push(args[0]);
    return close.apply(this, args);
  };
  globalThis.tones = 0;
  globalThis.notes = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...args) {
    globalThis.tones += 1;
    return start.apply(this, args);
  };
  globalThis.Notification = class {
    static permission = "granted";
    constructor(text) {
      this.text = text;
      globalThis.notes.push(text);
    }
    close() {
      globalThis.notes = globalThis.notes.filter((text) => text !== this.text);
    }
  };
}

/** A token for a user, as a back end gets it; `name` as people see it. */
export async function issue(gateway, user, name) {
  const body = JSON.stringify({ user, name, expiresIn: 3600 });
  const { json } = await gateway.authorised("/api/v1/tokens", { method: "POST", body });
  return json;
}

export class Terminal {
  /** `options`: of the browser's context, e.g. `locale`. No token: the sign-in form. */
  static async open(browser, gateway, token, options = {}) {
    const context = await browser.newContext({ locale: "en-US", ...options });
    const terminal = new Terminal(await context.newPage());
    await terminal.page.addInitScript(listen);
    const query = token ? `?token=${encodeURIComponent(token)}` : "";
    await terminal.page.goto(`${gateway.url}/terminal${query}`);
    if (token) await terminal.connected();
    return terminal;
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

  connected() {
    return this.page.waitForSelector("#connection[data-state=open]");
  }

  lost() {
    return this.page.waitForSelector("#connection[data-state=waiting]");
  }

  lamp(user, online) {
    return this.page.waitForSelector(`[data-person="${user}"][data-online=${online}]`);
  }

  /** Rings at somebody's terminal once their lamp is on. */
  async call(user) {
    await this.page.click(`[data-person="${user}"] button`);
  }

  rings() {
    return this.page.waitForSelector(".ring [data-ring]");
  }

  quiet() {
    return this.page.waitForSelector(".ring", { state: "hidden" });
  }

  accept() {
    return this.page.click(".ring .accept");
  }

  decline() {
    return this.page.click(".ring .decline");
  }

  /** "none", "dialling", "ringing" or "talking". */
  state(state) {
    return this.page.waitForSelector(`.call[data-state=${state}]`);
  }

  /** Hangs up, or gives the call up. */
  end() {
    return this.page.click(".call .end");
  }

  /** How the last call went: the text, once it is of that kind. */
  async outcome(kind) {
    await this.page.waitForSelector(`[data-outcome=${kind}]`);
    return this.text(".outcome");
  }

  /** Signs out if somebody is signed in. */
  async signOut() {
    if (!(await this.page.locator("#sign-out").count())) return;
    await this.page.click("#sign-out");
    await this.page.click("dialog .yes");
    await this.page.waitForSelector("#token");
  }

  /** The names in the list of missed calls, once there are so many. */
  missed(count) {
    return until(async () => {
      const names = await this.page.locator("#missed .name").allInnerTexts();
      return names.length === count && names;
    }, `${count} missed calls`);
  }

  tones() {
    return this.page.evaluate(() => globalThis.tones);
  }

  notes() {
    return this.page.evaluate(() => globalThis.notes);
  }
}
