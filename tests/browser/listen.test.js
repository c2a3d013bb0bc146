// The push view listens to a room, byte for byte.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { until } from "../system/lib/wait.js";
import { launch, shell } from "./lib/browser.js";
import { Console } from "./lib/console.js";

describe("listening", () => {
  let browser;
  let gateway;
  const open = (query, options) => Console.open(browser, gateway, `push${query}`, options);
  const typed = async (line) => (await shell(line, { BELLHOP_KEY: gateway.key })).stdout;

  before(async () => {
    gateway = await Gateway.start({ flags: ["--demo"] });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it("enters the room of its address, and the demo's own curl line makes a message appear", async () => {
    const page = await open("?room=456");
    await page.room("in");
    await page.connection("websocket");
    assert.equal(await page.text("#room-state"), "In room 456");
    const line = /^ *(curl .*)$/m.exec(gateway.log)[1];
    assert.equal(JSON.parse(await typed(line)).ROOT.BODY.DELIVERED, 1);
    assert.equal((await page.message("test")).data, '{"text":"hello"}');
    assert.deepEqual(await page.codes(), ["Entered the room", "Connected"]);
    await page.close();
  });

  it("enters no room before it is told to: a page may want it for itself", async () => {
    const page = await open("");
    await page.connection("off");
    await page.room("out");
    assert.equal((await gateway.push("456", "test", "1")).DELIVERED, 0);
    await page.page.click("#enter");
    await page.room("in");
    assert.equal((await gateway.push("456", "test", "1")).DELIVERED, 1);
    await page.close();
  });

  it("leaves the room when another view is opened", async () => {
    const page = await open("?room=left");
    await page.room("in");
    await page.go("overview");
    const nobody = async () => (await gateway.push("left", "test", "1")).DELIVERED === 0;
    await until(nobody, "the room to be empty");
    await page.close();
  });

  it("writes a curl line that works for any room id", async () => {
    const id = `o'clock "5" $HOME 病房 <b>`;
    const page = await open(`?room=${encodeURIComponent(id)}`);
    await page.room("in");
    const answer = JSON.parse(await typed(await page.text("#command")));
    assert.equal(answer.ROOT.BODY.DELIVERED, 1);
    await page.message("test");
    assert.equal(await page.text("#room-state"), `In room ${id}`);
    await page.close();
  });

  it("shows data byte for byte, and markup as text", async () => {
    const one = await open("?room=bytes");
    await one.room("in");
    const data = '{"id":9007199254740993123,"x":1.0,"s":"\\u00e9\\/","n":"<img src=x onerror=boom()>"}';
    const name = "<img src=x onerror=boom()>";
    await gateway.push("bytes", name, data);
    assert.equal((await one.message(name)).data, data);
    await gateway.push("bytes", "quoted \\\" name]", undefined);
    assert.equal((await one.message("quoted \\\" name]")).data, "(no data)");
    assert.equal(await one.page.locator("#entries img").count(), 0);
    assert.deepEqual(one.complaints, []);
    await one.close();
  });

  it("takes any downmsg that a back end may push", async () => {
    const one = await open("?room=odd");
    await one.room("in");
    for (const data of ["null", "7", '{"code":{"toString":1}}', '{"code":"toString"}', undefined]) {
      await gateway.push("odd", "downmsg", data);
    }
    await gateway.push("odd", "last", "1");
    await one.message("last");
    assert.equal((await one.messages()).length, 8);
    assert.deepEqual(one.complaints, []);
    await one.close();
  });

  it("is told that another page has taken the room, and takes it back", async () => {
    const first = await open("?room=one");
    await first.room("in");
    const second = await open("?room=one&rule=loginWhenLast");
    await second.room("in");
    await first.room("kicked");
    assert.match(await first.text("#room-state"), /put out of room one/);
    assert.equal((await first.codes())[0], "Put out of the room");
    assert.equal(await first.page.locator("#leave").isDisabled(), true);
    await first.page.selectOption("#rule", "loginWhenLast");
    await first.page.click("#enter");
    await second.room("kicked");
    await first.room("in");
    await Promise.all([first.close(), second.close()]);
  });

  it("stays outside a room that is taken, and says why entering failed", async () => {
    const first = await open("?room=held");
    await first.room("in");
    const second = await open("?room=held&rule=loginWhenFirst");
    await second.room("taken");
    assert.equal((await second.codes())[0], "The room is taken");
    await second.page.fill("#room", "b".repeat(40) + "病".repeat(10));
    await second.page.click("#enter");
    await second.room("failed");
    assert.match(await second.text("#room-state"), /longer than 64 bytes/);
    await Promise.all([first.close(), second.close()]);
  });

  it("moves to another room, and leaves", async () => {
    const one = await open("?room=a");
    await one.room("in");
    await one.page.fill("#room", "b");
    await one.page.click("#enter");
    await one.page.waitForFunction(
      () => document.getElementById("room-state").textContent === "In room b",
    );
    assert.equal((await gateway.push("a", "test", "1")).DELIVERED, 0);
    assert.equal((await gateway.push("b", "test", "1")).DELIVERED, 1);
    await one.page.click("#leave");
    await one.room("out");
    assert.equal((await gateway.push("b", "test", "1")).DELIVERED, 0);
    await one.page.click("#clear");
    assert.deepEqual(await one.messages(), []);
    await one.close();
  });

  it("works without WebSocket", async () => {
    const one = await open("?room=p", { prepare: () => delete window.WebSocket });
    await one.room("in");
    await one.connection("polling");
    await gateway.push("p", "test", "[1]");
    assert.equal((await one.message("test")).data, "[1]");
    await one.close();
  });

  it("copies the line", async () => {
    const one = await open("?room=456", { permissions: ["clipboard-read", "clipboard-write"] });
    await one.room("in");
    await one.page.click("#copy");
    await one.page.waitForFunction(() => document.getElementById("copied").textContent !== "");
    const copied = await one.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, await one.text("#command"));
    await one.close();
  });
});
