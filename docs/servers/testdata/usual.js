// Usual: an echo server with Node's net, as most people write it first. Nobody
// handles a client's errors, so one reset ends the process. SIGTERM ends it too.
//
//     node usual.js 127.0.0.1 1337
'use strict';

const net = require('node:net');

const [host, port] = process.argv.slice(2);

module.exports = net.createServer((client) => client.pipe(client)).listen(port, host);
