// What the types must let through, and (marked) what they must not. Checked, never run.
import SocketHandle, { SocketHandle as Named, type RoomType } from "bellhop-client/socket.handle";
import socket, { createSocket, onOnline, sendMsg } from "bellhop-client/socket.js";
import * as client from "bellhop-client";

const handle: Named = new SocketHandle();
new SocketHandle("http://box:8080", { token: () => "T", path: "/s/", query: { page: "1" } });
handle.loginRoom("456").then(({ code, msg }) => code + msg);
const type: RoomType = "loginWhenLast";
handle.loginRoom(456, type).catch((error) => error.code);
const stop: () => void = handle.listen("test", (data) => data.anything);
handle.listen<{ bed: number }>("test", ({ bed }) => bed.toFixed());
handle.listen((message) => message.code.length);
handle.listen(undefined, () => {});
handle.onKicked = (id) => id.length;
handle.onReenter = (id, error) => error && error.retrying;
handle.onRefused = ({ code }) => code.length;
handle.logoutRoom(456);
stop();
handle.close();
// @ts-expect-error: no such rule
handle.loginRoom("456", "loginNever");
// @ts-expect-error: nothing to call
handle.listen("test");

const connected: boolean = createSocket("ws://box/ws?token=T", { token: "T" });
const prototype: { sendMsg?: typeof sendMsg } = {};
prototype.sendMsg = socket.sendMsg;
socket.onclose();
socket.close();
const frame = { Receiver: "2", Type: "Event", Message: { Event: "Call", Data: 1 } } as const;
sendMsg(frame, (ev) => {
  if (ev.error) return ev.error.code;
  return ev.receipt.Status + JSON.parse(ev.data).Type;
});
onOnline((users) => users.includes("1"))();
client.onCall(async (call) => (await client.accept(call)).Terminals);
client.onEvent((event) => event.Message.Data.reason);
client.onMissed(([first]) => first && client.call(first.Sender));
client.onState(({ state, reason, retryMs = 0 }) => [state === "open", reason, retryMs + 1]);
client.call("2").then((receipt) => client.cancel(receipt));
client.hangup("2");
const html: string = client.escapeHtml("<b>");
client.closeSocket();
// @ts-expect-error: a frame has a Receiver
sendMsg({ Type: "Event", Message: { Event: "Call" } });
// @ts-expect-error: there is no address
createSocket();
void [connected, html];
