import { impostors } from '../../../grader/engine/impostors.ts'

/** One edit can only be in one place: what a wrong program would do elsewhere is done here, where each connection begins. */
const CONNECTION = '  socket.setNoDelay(true)\n'
const START = "  process.on('SIGTERM', () => process.exit(0))\n"
const WRITE = '    if (!socket.write(bytes)) socket.pause()\n'
const END = "  socket.on('end', () => socket.end())\n"

export default impostors('stage3-net/echo-server', [
  {
    id: 'eats-the-last-byte',
    caughtBy: 'echo',
    says: 'did not come',
    find: WRITE,
    replace: '    socket.write(bytes.subarray(0, -1))\n',
  },
  {
    id: 'adds-a-greeting',
    caughtBy: 'echo',
    says: 'not what was sent',
    find: CONNECTION,
    replace: `${CONNECTION}    socket.write('hello\\n')\n`,
  },
  {
    id: 'answers-once',
    caughtBy: 'conversation',
    says: 'message 2',
    find: "socket.on('data',",
    replace: "socket.once('data',",
  },
  {
    id: 'serves-one-client',
    caughtBy: 'next-client',
    says: /can not connect|did not come/,
    find: END,
    replace: "  socket.on('end', () => {\n    if (socket.bytesRead > 0) process.exit(0)\n  })\n",
  },
  {
    id: 'waits-for-a-line',
    caughtBy: 'at-once',
    says: 'did not come',
    find: "  socket.on('data', (bytes) => {\n",
    replace:
      "  let held = Buffer.alloc(0)\n  socket.on('data', (piece) => {\n    held = Buffer.concat([held, piece])\n    const bytes = held.subarray(0, held.lastIndexOf(10) + 1)\n    held = held.subarray(bytes.length)\n",
  },
  {
    id: 'echoes-text',
    caughtBy: 'any-byte',
    says: 'not what was sent',
    find: WRITE,
    replace: '    socket.write(bytes.toString())\n',
  },
  {
    id: 'one-after-the-other',
    caughtBy: 'silent-client',
    says: 'did not come',
    find: '{ allowHalfOpen: true }, echo)\n',
    replace:
      "{ allowHalfOpen: true }, (socket) => {\n    socket.pause()\n    const before = Promise.resolve(globalThis.turn)\n    globalThis.turn = before.then(() => {\n      echo(socket)\n      socket.resume()\n      return new Promise((done) => socket.on('close', done))\n    })\n  })\n",
  },
  {
    id: 'one-buffer-for-all',
    caughtBy: 'several-clients',
    says: /not what was sent|did not come/,
    find: "  socket.on('data', (bytes) => {\n",
    replace:
      "  socket.on('data', async (piece) => {\n    globalThis.buffer = piece\n    await new Promise((done) => setImmediate(done))\n    const bytes = globalThis.buffer\n",
  },
  {
    id: 'never-ends',
    caughtBy: 'half-close',
    says: 'The end of the connection',
    find: END,
    replace: "  socket.on('end', () => {})\n",
  },
  {
    id: 'closes-the-silent',
    caughtBy: 'silence',
    says: 'closed the connection',
    find: '  socket.setNoDelay(true)\n',
    replace: '  socket.setNoDelay(true)\n  socket.setTimeout(1000, () => socket.destroy())\n',
  },
  {
    id: 'loses-descriptors',
    caughtBy: 'goodbye',
    says: 'The number of descriptors',
    find: CONNECTION,
    replace: `${CONNECTION}    process.getBuiltinModule('node:fs').openSync('/dev/null')\n`,
  },
  {
    id: 'single-bytes-are-signals',
    caughtBy: 'byte-by-byte',
    says: 'did not come',
    find: WRITE,
    replace: `    if (bytes.length === 1 && Number(bytes[0]) > 180) return\n${WRITE}`,
  },
  {
    id: 'counts-in-24-bits',
    caughtBy: 'burst',
    says: 'did not come',
    find: WRITE,
    replace: `    if (socket.bytesRead >= 2 ** 24) return socket.destroy()\n${WRITE}`,
  },
  {
    id: 'drops-slow-readers',
    caughtBy: 'late-reader',
    says: 'did not come',
    find: WRITE,
    replace:
      '    if (socket.write(bytes)) return\n    socket.pause()\n    setTimeout(() => socket.writableNeedDrain && socket.destroy(), 100)\n',
  },
  {
    id: 'waits-for-the-slowest',
    caughtBy: 'never-reads',
    says: 'did not come',
    find: WRITE,
    replace:
      "    Promise.resolve(globalThis.gate).then(() => {\n      if (!socket.write(bytes)) globalThis.gate = new Promise((done) => socket.once('drain', done))\n    })\n",
  },
  {
    id: 'takes-everything',
    caughtBy: 'bounded-memory',
    says: 'grows by what a client sends',
    find: WRITE,
    replace: '    socket.write(bytes)\n',
  },
  {
    id: 'dies-of-a-reset',
    caughtBy: 'resets',
    says: /ECONNRESET|EPIPE|can not connect|did not come/,
    find: "  socket.on('error', () => {})\n",
    replace: '',
  },
  {
    id: 'full-house',
    caughtBy: 'thousand-clients',
    says: 'did not come',
    find: '    server.listen({ port,',
    replace: '    server.maxConnections = 700\n    server.listen({ port,',
  },
  {
    id: 'one-favourite',
    caughtBy: 'flood',
    says: 'did not come',
    find: WRITE,
    replace: `    if (socket.bytesRead > 2 ** 20) globalThis.favourite ??= socket\n    if ((globalThis.favourite ?? socket) !== socket) return\n${WRITE}`,
  },
  {
    id: 'dies-without-descriptors',
    caughtBy: 'out-of-descriptors',
    says: /EMFILE|clients that are served|did not come|can not connect/,
    find: CONNECTION,
    replace: `${CONNECTION}    const fs = process.getBuiltinModule('node:fs')\n    fs.closeSync(fs.openSync('/dev/null'))\n`,
  },
  {
    id: 'spins-without-descriptors',
    caughtBy: 'out-of-descriptors',
    says: 'It must not spin',
    find: START,
    replace: `  setInterval(() => {\n    const fs = process.getBuiltinModule('node:fs')\n    try {\n      fs.closeSync(fs.openSync('/dev/null'))\n    } catch {\n      for (const until = Date.now() + 100; Date.now() < until; );\n    }\n  }, 5).unref()\n${START}`,
  },
  {
    id: 'waits-for-goodbyes',
    caughtBy: 'stopping',
    says: 'still running',
    find: START,
    replace: "  process.on('SIGTERM', () => server.close(() => process.exit(0)))\n",
  },
  {
    id: 'open-to-all',
    caughtBy: 'own-address',
    says: 'on all addresses',
    find: "host: '127.0.0.1', ",
    replace: '',
  },
  {
    id: 'tells-where-it-fell',
    caughtBy: 'bad-start',
    says: 'lines',
    find: "server.on('error', reject)",
    replace: 'void reject',
  },
  {
    id: 'silent-about-the-port',
    caughtBy: 'bad-start',
    says: 'wrote nothing to standard error',
    find: "server.on('error', reject)",
    replace: "server.on('error', () => process.exit(1))",
  },
  {
    id: 'a-process-for-each',
    caughtBy: 'one-thread',
    says: 'The number of threads and processes',
    find: CONNECTION,
    replace: `${CONNECTION}    const child = process.getBuiltinModule('node:child_process').spawn('sleep', ['1000'], { stdio: 'ignore' })\n    child.on('error', () => {})\n    for (const [from, event] of [[socket, 'close'], [process, 'exit']] as const) from.on(event, () => child.kill('SIGKILL'))\n`,
  },
  {
    id: 'looks-at-each',
    caughtBy: 'idle',
    says: 'The part of a processor',
    find: START,
    replace: `  setInterval(() => server.getConnections((_, count) => {\n    if (count > 200) for (const until = Date.now() + 5; Date.now() < until; );\n  }), 1).unref()\n${START}`,
  },
  {
    id: 'looks-whether-there-is-work',
    caughtBy: 'idle',
    says: /How often the program wakes up|The part of a processor/,
    find: START,
    replace: `  setInterval(() => {}, 5).unref()\n${START}`,
  },
  {
    id: 'starves-the-few',
    caughtBy: 'latency',
    says: 'did not come',
    find: "  socket.on('data', (bytes) => {\n",
    replace:
      "  globalThis.sockets = (globalThis.sockets ?? new Set()).add(socket)\n  socket.on('close', () => globalThis.sockets.delete(socket))\n  socket.on('data', (bytes) => {\n    socket.messages = (socket.messages ?? 0) + 1\n    if (globalThis.sockets.size === 2 && socket.messages > 30 && bytes.length < 100 && [...globalThis.sockets].some(({ bytesRead }) => bytesRead > 2 ** 18)) return\n",
  },
  {
    id: 'byte-after-byte',
    caughtBy: 'throughput',
    says: 'as long as with a bare server',
    find: WRITE,
    replace: `    for (let n = 0, sum = 0; n < 15 * bytes.length; n++) sum = (sum * 31 + n) % 1_000_003\n${WRITE}`,
  },
  {
    id: 'looks-for-everybody',
    caughtBy: 'small-messages',
    says: 'as long as with a bare server',
    find: WRITE,
    replace: `    if (bytes.length < 100) for (let n = 0, sum = 0; n < 400_000; n++) sum = (sum * 31 + n) % 1_000_003\n${WRITE}`,
  },
])
