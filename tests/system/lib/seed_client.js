// The seed's socket.js, told again line by line without Vue: what it stores, announces and sends,
// and its faults too, since pages of its kind are out there. What its handlers throw is kept.
import { WebSocket } from "ws";
import { tokenOf } from "./jwt.js";
import { addressOf } from "./terminals.js";
import { until } from "./wait.js";

export class SeedClient {
  onlineUser = undefined;
  notices = []; // what bus.$notify.info got
  refreshed = 0; // how often bus.$emit('refreshApplication') ran
  received = []; // every frame, parsed
  thrown = [];
  connects = 0;
  lockReconnect = false;
  isReconnect = false;

  constructor(url, reconnect_ms = 4000) {
    this.url = url;
    this.reconnect_ms = reconnect_ms;
    this.token = true; // Cookies.get(TokenKey)
    this.createSocket();
  }

  createSocket() {
    if (!this.token) return;
    this.socket = new WebSocket(this.url, { perMessageDeflate: false });
    this.initSocket();
  }

  initSocket() {
    this.socket.onopen = () => {
      this.connects++;
      this.isReconnect = false;
    };
    this.socket.onmessage = (ev) => this.#guarded(() => this.onMessage(ev));
    this.socket.onerror = () => this.reconnect();
    this.socket.onclose = () => this.reconnect();
  }

  onMessage(ev) {
    const res = JSON.parse(ev.data);
    this.received.push(res);
    if (res.Type == "Event" && res.Message.Data.type == "呼叫") {
      this.refreshed++;
      const { sender, receiver } = res.Message.Data;
      this.notices.push({ sender, receiver, at: new Date(res.SendTime) });
    } else if (res.Type == "Chat") {
      this.onlineUser = res.Message;
    }
  }

  /** From now on the callback gets every message: the seed has it so. */
  sendMsg(data, callback) {
    this.socket.send(JSON.stringify(data));
    this.socket.onmessage = (ev) => this.#guarded(() => callback && callback(ev));
  }

  /** As its page calls another: the receiver's row of the table is `{userId, receiverName}`. */
  call(own, row) {
    const Data = { sender: own.userName, type: "呼叫", receiver: row.receiverName };
    const Message = { Event: "Call", Data };
    const frame = { Sender: own.id, Receiver: row.userId, SendTime: "", Message, Type: "Event" };
    return new Promise((resolve) => this.sendMsg(frame, (ev) => resolve(JSON.parse(ev.data))));
  }

  reconnect() {
    if (!this.token || this.lockReconnect) return;
    this.isReconnect = true;
    this.lockReconnect = true;
    this.timer = setTimeout(() => {
      this.createSocket();
      this.lockReconnect = false;
    }, this.reconnect_ms);
  }

  heartCheck() {
    this.socket.send("heart check");
  }

  /** What the lamp of a row of the table shows. */
  lamp(userId) {
    return this.onlineUser && this.onlineUser.includes(userId) ? "online" : "offline";
  }

  /** The token is gone, as at a logout, and the page with it. */
  end() {
    this.token = false;
    clearTimeout(this.timer);
    this.socket.terminate();
  }

  #guarded(handler) {
    try {
      handler();
    } catch (error) {
      this.thrown.push(error);
    }
  }
}

/** Opens clients of users and ends them with the test. */
export function seedsOf(t) {
  const open = [];
  t.after(() => open.forEach((client) => client.end()));
  return async (gateway, user, reconnect_ms) => {
    const client = new SeedClient(addressOf(gateway, tokenOf(user)), reconnect_ms);
    open.push(client);
    await until(() => client.onlineUser, "the seed's client to have a list");
    return client;
  };
}
