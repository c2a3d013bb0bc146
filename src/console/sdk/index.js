export { SocketHandle } from "./socket.handle.js";
export * from "./socket.js";
