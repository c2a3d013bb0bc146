/** The stock `io` function of socket.io-client; its own types differ from major to major. */
export declare const io: (...args: any[]) => any;
