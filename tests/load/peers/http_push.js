'use strict';
// What both Node peers share: POST /push with Bellhop's envelope, `ready` on stdout, the end.
const http = require('http');

const ANSWER = JSON.stringify({ ROOT: { BODY: { RETURN_CODE: '0000', RETURN_MSG: 'ok' } } });

// An HTTP server that calls push(roomId, eventName, data) for each well-formed post.
function createPushServer(push) {
  return http.createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== '/push') {
      response.writeHead(404).end();
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { roomId, eventName, data } = JSON.parse(Buffer.concat(chunks)).ROOT.BODY;
      push(roomId, eventName, data);
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(ANSWER),
      });
      response.end(ANSWER);
    });
  });
}

function serve(server) {
  server.keepAliveTimeout = 60000;
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
    console.log(`ready http://127.0.0.1:${server.address().port}`);
  });
  process.on('SIGTERM', () => process.exit(0));
}

module.exports = { createPushServer, serve };
