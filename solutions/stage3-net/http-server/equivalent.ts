import { equivalents } from '../../../grader/engine/equivalents.ts'

const source = (text: string) => `'${text}'`

const REASONS = [
  'OK',
  'Created',
  'No Content',
  'Partial Content',
  'Moved Permanently',
  'Not Modified',
  'Bad Request',
  'Forbidden',
  'Not Found',
  'Method Not Allowed',
  'Request Timeout',
  'Conflict',
  'Precondition Failed',
  'Content Too Large',
  'URI Too Long',
  'Range Not Satisfiable',
  'Request Header Fields Too Large',
  'Internal Server Error',
  'Not Implemented',
  'HTTP Version Not Supported',
]

export default equivalents('stage3-net/http-server', [
  ...REASONS.map((reason) => ({
    code: source(reason),
    into: '""',
    file: 'answer.ts',
    why: 'clients go by the number of a status, not by the words behind it (RFC 9112, section 4)',
  })),
  { code: "'text/plain'", into: '""', file: 'answer.ts', why: 'the body that goes with an error is free, and so is its type' },
  {
    code: 'this.held.length <= most',
    into: 'this.held.length < most',
    file: 'input.ts',
    why: 'one byte more or less in a limit that is free within a wide range',
  },
  { code: "'-'", file: 'files.ts', why: 'a tag may look as it likes' },
  { code: 'this.input.isIdle', into: 'false', file: 'connection.ts', why: 'it ends 1.5 s later, which is soon enough' },
  ...['/^\\d+$/', '!/^\\d+$/.test(port) || data === undefined', 'data === undefined'].map((code) => ({
    code,
    file: 'main.ts',
    why: 'what is no port, and no folder, is also refused by those who get it, in other words',
  })),
  { code: '/%(?![0-9a-f]{2})/i', into: '/%(?![0-9a-f])/i', file: 'target.ts', why: 'a name that can not be is 400 or 404' },
  {
    code: "byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()",
    file: 'target.ts',
    line: 'encode',
    into: "byte.charCodeAt(0).toString(16).padStart(2, '0').toLowerCase()",
    why: 'hexadecimal digits may be small or capital letters',
  },
  {
    code: "'usage: http-server --port N --data DIR'",
    file: 'main.ts',
    why: 'the wording of an error at the start is free',
  },
])
