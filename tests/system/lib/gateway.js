// A real gateway, and what a back end does with it. It runs as a process of this machine, or on the
// box that BELLHOP_BOX names, a folder of platform/boards, in QEMU.
import assert from "node:assert/strict";
import { request } from "./http.js";
import { Process } from "./process.js";
import { until } from "./wait.js";

export { BELLHOP, BIN, runToEnd, temporaryFolder, toToml } from "./process.js";

const Host = process.env.BELLHOP_BOX
  ? (await import("../../firmware/lib/box.js")).Box
  : Process;

export class Gateway extends Host {
  /** Its own certificate is not asked who signed it. */
  request(path, options) {
    return request(this.url + path, { rejectUnauthorized: false, ...options });
  }

  /** With the push key. */
  authorised(path, { headers = {}, ...options } = {}) {
    return this.request(path, {
      ...options,
      headers: { authorization: `Bearer ${this.key}`, ...headers },
    });
  }

  /** With the admin key. */
  asAdmin(path, options = {}) {
    return this.request(path, {
      ...options,
      headers: { authorization: `Bearer ${this.adminKey}`, ...options.headers },
    });
  }

  /** The seed's push; `data` is raw JSON, so that its bytes are what the test says. */
  async push(room, event, data, options = {}) {
    const members = [];
    if (room !== undefined) members.push(`"roomId":${JSON.stringify(room)}`);
    members.push(`"eventName":${JSON.stringify(event)}`);
    if (data !== undefined) members.push(`"data":${data}`);
    const body = `{"ROOT":{"BODY":{${members.join(",")}}}}`;
    const answer = await this.authorised("/push", { method: "POST", body, ...options });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.ROOT.BODY;
  }

  /** One number of /metrics; `series` as it stands there, labels included. */
  async metric(series) {
    const { text } = await this.request("/metrics");
    const line = text.split("\n").find((row) => row.startsWith(`${series} `));
    if (line === undefined) throw new Error(`no ${series} in /metrics`);
    return Number(line.slice(series.length));
  }

  closed(reason) {
    return this.metric(`bellhop_sessions_closed_total{reason="${reason}"}`);
  }

  refusals(table) {
    return this.metric(`bellhop_table_refusals_total{table="${table}"}`);
  }

  /** Waits until so many pages are connected. */
  async connected(count) {
    await until(async () => (await this.metric("bellhop_connected")) === count, `${count} pages`);
  }
}
