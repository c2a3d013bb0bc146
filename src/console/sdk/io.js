// The stock client, as its npm package: 3.x and 4.x export `io` by name, 2.x is a function.
import * as client from "socket.io-client";
export const io = client.io || client.default || client;
