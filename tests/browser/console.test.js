// The console does what it says, on the real gateway.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WebSocket } from "ws";
import { Gateway } from "../system/lib/gateway.js";
import { kicked, pagesOf } from "../system/lib/pages.js";
import { until, within } from "../system/lib/wait.js";
import { wiresOf } from "../system/lib/wire.js";
import { launch, shell } from "./lib/browser.js";
import { Console } from "./lib/console.js";

const MARKUP = "<img src=x onerror=boom()>";

/** The series of a text of /metrics. */
const numbersOf = (text) =>
  new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
  );

describe("console", () => {
  let browser;
  let gateway;
  const open = (view, options) => Console.open(browser, gateway, view, options);

  before(async () => {
    gateway = await Gateway.start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  /** A call terminal of the user that a token names. */
  async function terminal(t, token) {
    const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/ws?token=${token}`);
    t.after(() => socket.terminate());
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    await within(new Promise((resolve) => socket.once("open", resolve)), "a terminal");
    return { socket, closed };
  }
  async function issue(user, name) {
    const body = JSON.stringify({ user, name });
    return (await gateway.asAdmin("/api/v1/tokens", { method: "POST", body })).json;
  }

  // --- Signing in --------------------------------------------------------------------------------

  describe("signing in", () => {
    it("takes the admin key, keeps it across a refresh, and forgets it at the end", async () => {
      const one = await open("overview", { key: null });
      await one.signIn(` ${gateway.adminKey} `);
      await one.inside();
      await one.page.reload();
      await one.inside();
      await one.page.click("#sign-out");
      await one.page.waitForSelector("#key");
      const kept = () => one.page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
      assert.ok(!(await kept()).includes(gateway.adminKey));
      await one.page.reload();
      await one.page.waitForSelector("#key");
      assert.deepEqual(one.complaints, []);
      await one.close();
    });

    it("says clearly why another key is not taken", async () => {
      const one = await open("overview", { key: null });
      await one.signIn("");
      assert.match(await one.fault("empty"), /Enter/);
      await one.signIn("not-the-admin-key");
      assert.match(await one.fault("refused"), /not the admin key/);
      await one.signIn(gateway.key);
      assert.match(await one.fault("notAdmin"), /push key/);
      await one.signIn("密钥");
      await one.fault("refused");
      await one.signIn(gateway.adminKey);
      await one.inside();
      await one.close();
    });

    it("takes the key of the address out of it", async () => {
      const one = await open("rooms");
      assert.equal(one.page.url(), `${gateway.url}/#/rooms`);
      await one.close();
    });
  });

  // --- Numbers -----------------------------------------------------------------------------------

  describe("overview", () => {
    it("shows exactly the numbers of /metrics", async (t) => {
      const pages = [];
      for (let i = 0; i < 5; i++) pages.push(await wiresOf(t)(gateway));
      for (const page of pages) await page.login("numbers");
      for (let i = 0; i < 40; i++) await gateway.push("numbers", "test", "1");
      const one = await open("overview");
      await one.page.waitForSelector("[data-table]");
      // The page's own sockets come and go: its numbers of them are compared with what it was told.
      const response = await one.page.waitForResponse((answer) => answer.url().endsWith("/metrics"));
      const told = numbersOf(await response.text());
      await until(async () => {
        const shown = await one.numbers();
        return [...shown].every(([series, value]) => told.get(series) === value);
      }, "the page to show what it was told");
      // The others are those of the box, now that nothing moves.
      const { text } = await gateway.request("/metrics");
      const box = numbersOf(text);
      const shown = await one.numbers();
      for (const [series, value] of shown) {
        if (!series.includes('"connections"')) assert.equal(value, box.get(series), series);
      }
      const tables = [...box.keys()].filter((series) => series.startsWith("bellhop_table_"));
      assert.ok(tables.length >= 4 * 10);
      for (const series of tables) assert.ok(shown.has(series), series);
      assert.ok(shown.get("bellhop_deliveries_total") >= 200);
      assert.ok(shown.get("bellhop_connected") >= 5);
      await one.close();
    });

    it("draws the rates, marks a table that refused, tells version and health", async (t) => {
      const small = await Gateway.start({ config: { limits: { rooms: 1 } } });
      t.after(() => small.stop());
      const wire = await wiresOf(t)(small);
      assert.equal(await wire.login("a"), "2002");
      assert.equal(await wire.login("b"), "2003");
      const one = await Console.open(browser, small);
      await one.page.waitForSelector('[data-table=rooms][data-level="refusing"]');
      await one.page.waitForSelector('[data-table=users][data-level="fine"]');
      await one.health("ready");
      const { json } = await small.request("/api/v1/about");
      assert.equal(await one.text("#version"), json.version);
      assert.match(await one.text("[data-uptime]"), /^Up 00:\d\d:\d\d$/);
      const moved = async () => {
        await small.push("a", "test", "1");
        const label = await one.page.getAttribute("[aria-label=Pushes] svg", "aria-label");
        return !/at most 0 /.test(label);
      };
      await until(moved, "the chart to move");
      const points = await one.page.getAttribute("[aria-label=Pushes] polyline", "points");
      assert.ok(points.split(" ").length >= 1 && !points.includes("NaN"));
      await one.close();
    });

    it("goes on by itself after the gateway was killed and started", async () => {
      const own = await Gateway.start();
      own.listen = `127.0.0.1:${own.port}`;
      const one = await Console.open(browser, own);
      await one.health("ready");
      await own.kill();
      await one.health("lost");
      assert.match(await one.text("#health"), /does not answer/);
      await own.launch();
      await one.health("ready");
      await one.go("rooms");
      await one.page.waitForSelector("#rooms .empty");
      await one.close();
      await own.stop();
    });
  });

  // --- Rooms -------------------------------------------------------------------------------------

  describe("rooms", () => {
    it("kicks a member, who hears 2005, after asking", async (t) => {
      const pages = pagesOf(t);
      const [victim, other] = [await pages(gateway), await pages(gateway)];
      await victim.login("kick", "loginWhenever");
      await other.login("kick", "loginWhenever");
      const one = await open("rooms");
      await one.page.click('[data-room="kick"] button');
      await one.page.waitForSelector("#member-list tr:nth-child(2)");
      const seat = `[data-sid] >> nth=0`;
      const sid = await one.page.getAttribute(seat, "data-sid");
      await one.page.click(`[data-sid="${sid}"] .kick`);
      assert.match(await one.text("dialog"), new RegExp(`${sid} out of room kick`));
      await one.page.click("dialog .no");
      assert.equal((await gateway.push("kick", "test", "1")).DELIVERED, 2);
      await one.page.click(`[data-sid="${sid}"] .kick`);
      await one.page.click("dialog .yes");
      assert.deepEqual(await victim.downmsg.next(), kicked("kick"));
      await one.page.waitForSelector(`[data-sid="${sid}"]`, { state: "detached" });
      assert.equal(await one.text("#told"), `${sid} was put out of room kick.`);
      assert.equal((await gateway.push("kick", "test", "1")).DELIVERED, 1);
      await one.close();
    });

    it("follows who comes and goes, and filters", async (t) => {
      const wire = await wiresOf(t)(gateway);
      const one = await open("rooms");
      await wire.login("ward 1");
      await one.page.waitForSelector('[data-room="ward 1"]');
      await wire.login("bed 2");
      await one.page.waitForSelector('[data-room="bed 2"]');
      await one.page.fill("#rooms .filter input", "WARD");
      await one.page.waitForSelector('[data-room="bed 2"]', { state: "detached" });
      wire.cut();
      await one.page.waitForSelector('[data-room="ward 1"]', { state: "detached" });
      await one.close();
    });
  });

  // --- People ------------------------------------------------------------------------------------

  it("shows users as they come and go, calls under way and those that are over", async (t) => {
    const [anna, ben] = [await issue("anna", MARKUP), await issue("ben", "乙")];
    const caller = await terminal(t, anna.token);
    const callee = await terminal(t, ben.token);
    const one = await open("users");
    await one.page.waitForSelector('[data-user="anna"][data-online=true]');
    assert.match(await one.text('[data-user="anna"]'), /<img src=x onerror=boom\(\)>\s+Online\s+1/);
    callee.socket.close(1000);
    await one.page.waitForSelector('[data-user="ben"][data-online=false]');
    const back = await terminal(t, ben.token);
    const send = ({ socket }, from, to, event) =>
      socket.send(
        JSON.stringify({
          Sender: from,
          Receiver: to,
          SendTime: "",
          Type: "Event",
          Message: { Event: event, Data: {} },
        }),
      );
    await one.go("calls");
    send(caller, "anna", "ben", "Call");
    await one.page.waitForSelector("#live-calls [data-state=ringing]");
    send(back, "ben", "anna", "Accept");
    await one.page.waitForSelector("#live-calls [data-state=accepted]");
    send(caller, "anna", "ben", "Hangup");
    await one.page.waitForSelector("#ended-calls [data-state=ended]");
    assert.match(await one.text("#ended-calls [data-state=ended]"), /onerror=boom\(\)> \(anna\)\s+乙 \(ben\)\s+Hung up/);
    assert.equal(await one.page.locator("main img").count(), 0);
    assert.deepEqual(one.complaints, []);
    await one.close();
  });

  it("makes a token that is shown once and works, and revokes it", async (t) => {
    const one = await open("tokens");
    await one.page.fill("#token-user", "carla");
    await one.page.fill("#token-name", MARKUP);
    await one.page.selectOption("#token-life", "day");
    await one.page.click("#token-create");
    const token = await one.text("#issued-token");
    const address = await one.page.getAttribute("#issued-terminal", "href");
    assert.equal(address, `${gateway.url}/terminal?token=${token}`);
    const { closed } = await terminal(t, token);
    const { json } = await gateway.asAdmin("/api/v1/tokens");
    const { id, name, created, expires } = json.tokens.find(({ user }) => user === "carla");
    assert.equal(name, MARKUP);
    assert.equal(new Date(expires) - new Date(created), 86400_000);
    await one.page.click("#issued-close");
    assert.ok(!(await one.page.content()).includes(token), "shown once");
    await one.page.click(`[data-token="${id}"] .revoke`);
    await one.page.click("dialog .yes");
    await one.page.waitForSelector(`[data-token="${id}"]`, { state: "detached" });
    assert.equal(await one.text("#told"), `Token ${id} is revoked.`);
    await within(closed, "the terminal to be closed");
    await one.page.fill("#token-user", 'no "quotes"');
    await one.page.click("#token-create");
    await one.page.waitForSelector("#token-fault:not(:empty)");
    assert.deepEqual(await one.page.locator("main img").count(), 0);
    await one.close();
  });

  it("marks a token that has expired", async () => {
    const body = JSON.stringify({ user: "eva", expiresIn: 1 });
    const { json } = await gateway.asAdmin("/api/v1/tokens", { method: "POST", body });
    const one = await open("tokens");
    await one.page.waitForSelector(`[data-token="${json.id}"] td .faint`);
    assert.match(await one.text(`[data-token="${json.id}"]`), /\(expired\)/);
    await one.close();
  });

  it("copies a token and its terminal's address", async () => {
    const one = await open("tokens", { permissions: ["clipboard-read", "clipboard-write"] });
    await one.page.fill("#token-user", "dora");
    await one.page.click("#token-create");
    for (const [button, source] of [
      ["#copy-token", "#issued-token"],
      ["#copy-terminal", "#issued-terminal"],
    ]) {
      const text = await one.text(source);
      await one.page.click(button);
      const copied = () => one.page.evaluate(() => navigator.clipboard.readText());
      await until(async () => (await copied()) === text, button);
    }
    await one.close();
  });

  // --- Pushing -----------------------------------------------------------------------------------

  describe("push tester", () => {
    it("pushes byte for byte, and its curl line delivers the same from a shell", async (t) => {
      const wire = await wiresOf(t)(gateway);
      await wire.login("it's");
      const one = await open("push");
      const data = `{ "id":9007199254740993123, "x":1.0, "s":"o'clock $HOME \\u00e9" }`;
      await one.page.fill("#push-room", "it's");
      await one.page.fill("#push-event", MARKUP);
      await one.page.fill("#push-data", data);
      await one.page.click("#push-send");
      const frame = `42${JSON.stringify([MARKUP]).slice(0, -1)},${data}]`;
      assert.equal(await wire.next(), frame);
      await one.page.waitForSelector("#push-result[data-kind=good]");
      assert.match(await one.text("#push-result"), /^Delivered to 1, id \d+$/);
      const { stdout } = await shell(await one.text("#command"), { BELLHOP_KEY: gateway.key });
      assert.equal(JSON.parse(stdout).ROOT.BODY.DELIVERED, 1);
      assert.equal(await wire.next(), frame);
      assert.equal(await one.page.locator("main img").count(), 0);
      assert.deepEqual(one.complaints, []);
      await one.close();
    });

    it("pushes to everyone without a room, and nothing without data", async (t) => {
      const wire = await wiresOf(t)(gateway);
      const one = await open("push");
      await one.page.fill("#push-room", "");
      await one.page.fill("#push-data", "");
      await one.page.click("#push-send");
      assert.equal(await wire.next(), '42["test"]');
      await one.close();
    });

    it("sends nothing that is no JSON, and says what the box refuses", async () => {
      const one = await open("push");
      await one.page.fill("#push-data", '{"a":');
      await one.page.waitForSelector('#push-data[aria-invalid="true"]');
      assert.match(await one.text("#push-fault"), /no JSON/);
      assert.equal(await one.page.locator("#push-send").isDisabled(), true);
      await one.page.fill("#push-data", "1");
      await one.page.fill("#push-event", "connect");
      await one.page.click("#push-send");
      await one.page.waitForSelector("#push-result[data-kind=bad]");
      assert.match(await one.text("#push-result"), /reserved/);
      await one.close();
    });
  });

  // --- Log ---------------------------------------------------------------------------------------

  it("follows the log, in colours, filtered, and stops when told to", async () => {
    const own = await Gateway.start();
    const one = await Console.open(browser, own, "log");
    const issueTo = (user) =>
      own.asAdmin("/api/v1/tokens", { method: "POST", body: JSON.stringify({ user }) });
    await one.page.waitForSelector('.lines li[data-level="info"]');
    await issueTo(MARKUP);
    const shown = () => one.text(".lines");
    await until(async () => (await shown()).includes(MARKUP), "the line");
    assert.equal(await one.page.locator(".lines img").count(), 0);
    await one.page.fill("#log .filter input", "EVENT=TOKEN_ADDED");
    await until(async () => !(await shown()).includes("event=table"), "the filter");
    await one.page.click("#pause");
    await issueTo("later");
    const { json } = await own.asAdmin("/api/v1/log");
    assert.match(json.lines.at(-1).text, /user=later/);
    const polled = (answer) => answer.url().endsWith("/api/v1/log");
    for (let i = 0; i < 2; i++) await one.page.waitForResponse(polled);
    assert.ok(!(await shown()).includes("user=later"));
    await one.page.click("#pause");
    await until(async () => (await shown()).includes("user=later"), "the line that came meanwhile");
    await one.close();
    await own.stop();
  });
});
