'use strict';
// A plain `ws` broadcast: sets of sockets, one text a push, send() to each. It sends the same bytes
// as a Socket.IO server would, but knows nothing else of the protocol: no pings, no namespaces.
const { WebSocketServer } = require('ws');
const { createPushServer, serve } = require('./http_push');

const rooms = new Map();

const packet = (event, data) => `42${JSON.stringify([event, data])}`;

const server = createPushServer((room, event, data) => {
  const text = packet(event, data);
  for (const member of rooms.get(room) ?? []) {
    member.send(text);
  }
});

const HELLO = `0${JSON.stringify({
  sid: 'ws', upgrades: [], pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000,
})}`;

function login(socket, id) {
  if (!rooms.has(id)) {
    rooms.set(id, new Set());
  }
  rooms.get(id).add(socket);
  socket.on('close', () => rooms.get(id).delete(socket));
  socket.send(packet('downmsg', { code: '2002', msg: `login room (id:${id}) success` }));
}

new WebSocketServer({ server, path: '/socket.io/' }).on('connection', (socket) => {
  socket.send(HELLO);
  socket.on('message', (bytes) => {
    const text = bytes.toString();
    if (text === '40') {
      socket.send('40{"sid":"ws"}');
      socket.send(packet('downmsg', { code: '2001', msg: 'connect success' }));
    } else if (text.startsWith('42["loginRoom"')) {
      login(socket, JSON.parse(text.slice(2))[1].id);
    }
  });
});

serve(server);
