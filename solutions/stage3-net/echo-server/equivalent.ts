import { equivalents } from '../../../grader/engine/equivalents.ts'

export default equivalents('stage3-net/echo-server', [
  ...['{ allowHalfOpen: true }', 'true'].map((code) => ({
    code,
    line: 'allowHalfOpen',
    why: 'Node itself would end our side then, when all that came before is read and written: what we do by hand',
  })),
  {
    code: 'true',
    line: 'setNoDelay',
    why: 'a client that waits for its answers acknowledges one with the next message, and who does not wait need not see a difference',
  },
  ...['port === undefined || !/^\\d+$/.test(port)', 'port === undefined', '/^\\d+$/'].map((code) => ({
    code,
    why: 'what is no port is also refused by the one who is to listen on it, in other words',
  })),
  { code: "'usage: echo-server --port N'", why: 'the wording of an error at the start is free' },
  { code: "'echo-server'", why: 'whether a message begins with the name of the program is free' },
  { code: '{ usageStatus: 2 }', why: 'any status but 0 tells of the failure' },
])
