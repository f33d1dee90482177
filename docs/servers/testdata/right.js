// Right: an echo server with Node's net. It passes every scenario. Where there is
// no descriptor for a client, Node accepts it and closes it at once.
//
//     node right.js 127.0.0.1 1337
'use strict';

const net = require('node:net');

const [host, port] = process.argv.slice(2);
const clients = new Set();
let events = 0; // connections and messages so far

// allowHalfOpen: a client that has nothing more to send still gets its echo.
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  events++;
  clients.add(client);
  client.on('data', () => events++);
  client.on('error', () => client.destroy()); // a reset, for one; without this it ends the process
  client.on('close', () => clients.delete(client));
  client.pipe(client); // reads no more while the client does not read
});

// Everybody in the queue is let in, and gets what it has sent: the server goes
// on until a whole turn of the event loop has brought nothing. Then it ends each
// stream, and waits for the clients to end theirs.
function stop() {
  const before = events;
  setImmediate(() => setImmediate(() => { // the first may still be in this turn
    if (events !== before) {
      return stop();
    }
    server.close();
    for (const client of clients) {
      client.unpipe(client);
      client.end();
      client.resume();
    }
  }));
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);

server.listen({ host, port, backlog: 4096 });
