import { equivalents } from '../../../grader/engine/equivalents.ts'

export default equivalents('stage4-storage/mini-redis', [
  ...['this.replies.length > 0', 'client.hasReplies'].map((code) => ({
    code,
    into: 'true',
    why: 'writing nothing to a connection does nothing',
  })),
  { code: 'this.replies.length > 0', into: 'this.replies.length >= 0', why: 'writing nothing to a connection does nothing' },
  {
    code: 'entry.expires > Date.now()',
    into: 'entry.expires >= Date.now()',
    why: 'nobody knows the millisecond in which a clock was looked at',
  },
  {
    code: 'this.db.weight > maxmemory',
    into: 'this.db.weight >= maxmemory',
    why: 'what is counted as used is free; a byte more or less is too',
  },
  {
    code: "'127.0.0.1'",
    file: 'main.ts',
    why: 'Redis itself listens on all addresses unless its configuration says otherwise',
  },
  { code: '`# ${name}`', file: 'server.ts', why: 'headings in the reply to INFO are free' },
  ...['`--port and --data are needed (${USAGE})`', '`--maxmemory: not a number of bytes: ${text} (${USAGE})`'].map((code) => ({
    code,
    file: 'main.ts',
    why: 'the wording of an error at the start is free',
  })),
  { code: "''", file: 'sorted-set.ts', line: 'head', why: 'the head of the list stands for no member' },
  {
    code: 'node.next.length - 1',
    into: 'node.next.length + 1',
    file: 'sorted-set.ts',
    why: 'on a level that there is not nothing comes next',
  },
  {
    code: 'Math.random() < CHANCE',
    into: 'Math.random() <= CHANCE',
    why: 'that a random number is a quarter exactly does not happen',
  },
])
