'use strict';
// The stock Socket.IO server with its default options, doing what Bellhop does for these scenarios.
const { Server } = require('socket.io');
const { createPushServer, serve } = require('./http_push');

const server = createPushServer((room, event, data) => io.to(room).emit(event, data));
const io = new Server(server);

io.on('connection', (socket) => {
  socket.emit('downmsg', { code: '2001', msg: 'connect success' });
  socket.on('loginRoom', ({ id }) => {
    socket.join(id);
    socket.emit('downmsg', { code: '2002', msg: `login room (id:${id}) success` });
  });
});

serve(server);
