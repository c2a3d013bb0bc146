'use strict';
// A relay of call terminals as one would write it on `ws`: tokens, online list, frames from user to
// user, receipts. The work is the gateway's; its limits, heartbeat, calls and memory are not here.
//   node ws_relay.js TOKENS     line N of the file is the token of user N
const fs = require('fs');
const http = require('http');
const { WebSocketServer } = require('ws');
const { serve } = require('./http_push');

const LIST_INTERVAL_MS = 100;

const users = new Map(); // token -> user id
fs.readFileSync(process.argv[2], 'utf8').split('\n').forEach((token, index) => {
  if (token) {
    users.set(token, String(index + 1));
  }
});

const online = new Map(); // user id -> set of sockets
let lastId = 0;

const sendTime = (() => {
  const two = (number) => String(number).padStart(2, '0');
  let second = -1;
  let head;
  let tail;
  // Local time with offset, seven decimals. All but the milliseconds is good for a second.
  return () => {
    const now = Date.now();
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      const at = new Date(now);
      const offset = -at.getTimezoneOffset();
      const minutes = Math.abs(offset);
      head = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T`
        + `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.`;
      tail = `0000${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    }
    return head + String(now % 1000).padStart(3, '0') + tail;
  };
})();

// The online list: a newcomer gets it at once, the others the first change at once and then at most
// one list per LIST_INTERVAL_MS. Encoded once for everybody.
const list = {
  timer: null,
  changed: false,

  encode() {
    return Buffer.from(
      JSON.stringify({ Type: 'Chat', SendTime: sendTime(), Message: [...online.keys()] }),
    );
  },

  sendTo(socket) {
    socket.send(this.encode(), { binary: false });
  },

  change() {
    if (this.timer) {
      this.changed = true;
      return;
    }
    this.changed = false;
    const text = this.encode();
    for (const sockets of online.values()) {
      for (const socket of sockets) {
        socket.send(text, { binary: false });
      }
    }
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.changed) {
        this.change();
      }
    }, LIST_INTERVAL_MS);
  },
};

function sendError(socket, code, reason) {
  socket.send(JSON.stringify({ Type: 'Error', Message: { Code: code, Reason: reason } }));
}

function sendReceipt(socket, message) {
  socket.send(JSON.stringify({ Type: 'Receipt', SendTime: sendTime(), Message: message }));
}

// Sends the frame to every connection of its receiver; how many there are.
function forward(user, frame, id) {
  const sockets = online.get(frame.Receiver);
  if (!sockets) {
    return 0;
  }
  const text = JSON.stringify({
    Sender: user,
    Receiver: frame.Receiver,
    SendTime: frame.SendTime || sendTime(),
    Type: 'Event',
    Id: id,
    Message: frame.Message,
  });
  for (const socket of sockets) {
    socket.send(text);
  }
  return sockets.size;
}

function relay(socket, user, frame) {
  const { Receiver, Message } = frame;
  if (frame.Type !== 'Event' || typeof Receiver !== 'string' || typeof Message?.Event !== 'string') {
    sendError(socket, 'bad_frame', 'an Event needs Receiver and Message.Event');
    return;
  }
  const { Event } = Message;
  const Id = frame.Id ?? String(++lastId);
  if (frame.Sender && frame.Sender !== user) {
    sendReceipt(socket, { Id, Event, Receiver, Status: 'refused', Reason: 'not your Sender' });
    return;
  }
  const Terminals = forward(user, frame, Id);
  const Status = Terminals > 0 ? 'delivered' : 'offline';
  sendReceipt(socket, { Id, Event, Receiver, Status, Terminals });
}

function onText(socket, user, text) {
  if (text === 'heart check') {
    socket.send(JSON.stringify({ Type: 'Heartbeat', SendTime: sendTime() }));
    return;
  }
  let frame;
  try {
    frame = JSON.parse(text);
  } catch {
    sendError(socket, 'bad_json', 'not JSON');
    return;
  }
  relay(socket, user, frame ?? {});
}

function onConnection(socket, user) {
  const sockets = online.get(user);
  if (sockets) {
    sockets.add(socket);
    list.sendTo(socket);
  } else {
    const waits = list.timer !== null;
    online.set(user, new Set([socket]));
    list.change();
    if (waits) {
      list.sendTo(socket);
    }
  }
  socket.on('message', (data) => onText(socket, user, data.toString()));
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => {
    const rest = online.get(user);
    rest.delete(socket);
    if (rest.size === 0) {
      online.delete(user);
      list.change();
    }
  });
}

const server = http.createServer((request, response) => response.writeHead(404).end());
const webSockets = new WebSocketServer({
  noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: 65536,
});

server.on('upgrade', (request, tcp, head) => {
  const { pathname, searchParams } = new URL(request.url, 'http://relay');
  const user = users.get(searchParams.get('token'));
  if (pathname !== '/ws' || !user) {
    tcp.end(`HTTP/1.1 ${user ? '404 Not Found' : '401 Unauthorized'}\r\nConnection: close\r\n\r\n`);
    return;
  }
  webSockets.handleUpgrade(request, tcp, head, (socket) => onConnection(socket, user));
});

serve(server);
