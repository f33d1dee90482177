// Usual: the server of usual.js with a handler for a client's errors. A reset now
// ends one client only.
//
//     node usual_handled.js 127.0.0.1 1337
'use strict';

require('./usual.js').on('connection', (client) => client.on('error', () => {}));
