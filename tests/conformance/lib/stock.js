// The stock server with the handlers of the conformance program, to compare with.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { Server as EngineServer } from "engine.io";
import { Server as SocketServer } from "socket.io";

const { values } = parseArgs({ options: { listen: { type: "string", default: "127.0.0.1:0" } } });
const options = {
  pingInterval: 300,
  pingTimeout: 200,
  maxHttpBufferSize: 1000000,
  allowEIO3: true,
  cors: { origin: true, credentials: true },
};

const http = createServer();
const engine = new EngineServer(options);
engine.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
engine.attach(http, { path: "/engine.io/" });

const io = new SocketServer(http, { ...options, connectTimeout: 1000 });
io.on("connection", (socket) => {
  socket.emit("auth", socket.handshake.auth);
  socket.on("message", (...args) => socket.emit("message-back", ...args));
  socket.on("message-with-ack", (...args) => args.pop()(...args));
});
io.of("/custom").on("connection", (socket) => socket.emit("auth", socket.handshake.auth));

const [host, port] = values.listen.split(":");
http.listen(Number(port), host, () => console.log(`ready http://${host}:${http.address().port}`));
process.once("SIGTERM", () => process.exit(0));
