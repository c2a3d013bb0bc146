// The client modules as the box serves them, in a plain page: no build, no framework.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addToken } from "../sdk/lib/tokens.js";
import { Gateway } from "../system/lib/gateway.js";
import { until } from "../system/lib/wait.js";
import { launch } from "./lib/browser.js";

/** What a front-end developer writes; `box` is "" for a page of the box itself. */
const plainPage = (box) => `<!doctype html>
<meta charset="utf-8"><title>plain</title><p id="call"></p>
<script type="module">
  import SocketHandle from "${box}/sdk/socket.handle.js";
  import socket, * as calls from "${box}/sdk/socket.js";
  const told = { pushes: [], kicks: [], online: [], states: [] };
  calls.onOnline((users) => (told.online = users));
  calls.onState(({ state }) => told.states.push(state));
  calls.onCall((frame) => {
    const { escapeHtml } = calls;
    const name = escapeHtml(frame.Message.Data.sender);
    document.getElementById("call").innerHTML = "<b>" + name + "</b>";
    told.call = frame;
  });
  Object.assign(window, { SocketHandle, socket, calls, told });
</script>`;

describe("client modules in a page", () => {
  let browser;
  let gateway;
  before(async () => {
    gateway = await Gateway.start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  /** A plain page of this origin, with the addresses it asked for and its complaints. */
  async function open(origin, box = "") {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.asked = [];
    page.complaints = [];
    page.on("request", (request) => page.asked.push(request.url()));
    page.on("pageerror", (error) => page.complaints.push(error.message));
    page.load = async () => {
      await page.goto(`${origin}/api/v1/about`); // an address of the box without a policy
      await page.setContent(plainPage(box));
      await page.waitForFunction(() => window.calls !== undefined);
    };
    await page.load();
    return page;
  }

  const enter = (page, url) =>
    page.evaluate(async (address) => {
      window.handle = new window.SocketHandle(address);
      window.handle.onKicked = (id) => window.told.kicks.push(id);
      const { code } = await window.handle.loginRoom("456", "loginWhenLast");
      window.handle.listen("test", (data) => window.told.pushes.push(data));
      return code;
    }, url);

  const told = (page, key) => page.evaluate((name) => window.told[name], key);

  it("enters a room, hears pushes, is put out; asks nobody but the box", async () => {
    const page = await open(gateway.url);
    assert.equal(await enter(page), "2002");
    await gateway.push("456", "test", '{"bed":7}');
    await until(async () => (await told(page, "pushes")).length === 1, "the push");
    assert.deepEqual(await told(page, "pushes"), [{ bed: 7 }]);
    const other = await open(gateway.url);
    assert.equal(await enter(other), "2002");
    await until(async () => (await told(page, "kicks"))[0] === "456", "the kick");
    const hosts = page.asked.map((url) => new URL(url).host);
    assert.deepEqual([...new Set(hosts)], [new URL(gateway.url).host]);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    await other.context().close();
  });

  it("sees who is online, calls, and shows a name as text; a refresh keeps the user", async () => {
    const pages = {};
    for (const user of ["1", "2"]) {
      const { token } = await addToken(gateway, user);
      pages[user] = await open(gateway.url);
      const address = `${gateway.url.replace("http", "ws")}/ws?token=${token}`;
      pages[user].address = address;
      await pages[user].evaluate((url) => window.calls.createSocket(url), address);
    }
    const online = async () => (await told(pages[1], "online")).length === 2;
    await until(online, "two users");
    const receipt = await pages[1].evaluate(
      (sender) =>
        new Promise((resolve) => {
          const frame = { Sender: "1", Receiver: "2", SendTime: "", Type: "Event" };
          frame.Message = { Event: "Call", Data: { sender, type: "呼叫", receiver: "乙" } };
          window.socket.sendMsg(frame, (ev) => resolve(JSON.parse(ev.data)));
        }),
      "<img src=x onerror=document.title='injected'>",
    );
    assert.deepEqual([receipt.Type, receipt.Message.Status], ["Receipt", "delivered"]);
    await until(() => told(pages[2], "call"), "the call");
    assert.equal(
      await pages[2].textContent("#call"),
      "<img src=x onerror=document.title='injected'>",
    );
    assert.equal(await pages[2].locator("img").count(), 0);
    assert.equal(await pages[2].title(), "plain");

    await pages[2].load();
    await pages[2].evaluate((url) => window.calls.createSocket(url), pages[2].address);
    await until(() => told(pages[2], "call"), "the call that still rings");
    const accepted = await pages[2].evaluate(() => window.calls.accept(window.told.call));
    assert.equal(accepted.Status, "delivered");

    await pages[2].evaluate(() => window.calls.closeSocket());
    await until(async () => (await told(pages[1], "online")).join() === "1", "the logout");
    assert.deepEqual((await told(pages[2], "states")).slice(-2), ["open", "closed"]);
    for (const page of Object.values(pages)) {
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    }
  });

  it("with a wrong token it goes on trying and says that it waits", async () => {
    const page = await open(gateway.url);
    const address = `${gateway.url.replace("http", "ws")}/ws?token=wrong`;
    await page.evaluate((url) => window.calls.createSocket(url), address);
    await until(async () => (await told(page, "states")).at(-1) === "waiting", "the refusal");
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  it("works in a page of another origin that the box lists", async () => {
    const front = await Gateway.start();
    const box = await Gateway.start({ config: { http: { origins: [front.url] } } });
    try {
      const page = await open(front.url, box.url);
      assert.equal(await enter(page, box.url), "2002");
      await box.push("456", "test", "1");
      await until(async () => (await told(page, "pushes")).length === 1, "the push");
      await page.context().close();
    } finally {
      await front.stop();
      await box.stop();
    }
  });
});
