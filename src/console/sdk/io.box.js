// The stock client, as the box serves it.
export { io } from "/socket.io/socket.io.esm.min.js";
