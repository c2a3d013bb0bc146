export * from "./socket.handle.js";
export * from "./socket.js";
