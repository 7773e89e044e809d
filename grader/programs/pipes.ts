import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { makeFolder } from './workroom.ts'

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = fs.constants
const BATCH = 48

/**
 * A real pipe. What Node makes for `stdio: 'pipe'` is a pair of sockets, and those are not the same to a program: a reader that leaves
 * gives ECONNRESET where a pipe gives EPIPE and SIGPIPE, and `/dev/stderr` can not be opened.
 */
export interface Pipe {
  /** The end for the program; to be closed here once the program has its own copy. */
  theirs: number
  /** The end for the grader. */
  ours: net.Socket
}

let spare: string[] = []

/** The name of a fresh FIFO. They are made many at a time, since each call of mkfifo costs as much as a small check. */
function fifo(): string {
  const name = spare.pop()
  if (name !== undefined && fs.existsSync(name)) return name
  const dir = makeFolder('pipes')
  spare = Array.from({ length: BATCH }, (_, n) => path.join(dir, String(n)))
  const made = spawnSync('mkfifo', ['-m', '600', ...spare])
  if (made.status !== 0) throw new Error(`mkfifo failed: ${made.stderr ?? made.error}`)
  return spare.pop() as string
}

/** A pipe that the program writes to. */
export function outputPipe(): Pipe {
  const name = fifo()
  const reader = fs.openSync(name, O_RDONLY | O_NONBLOCK)
  const theirs = fs.openSync(name, O_WRONLY)
  fs.unlinkSync(name)
  return { theirs, ours: new net.Socket({ fd: reader, readable: true, writable: false }) }
}

/** A pipe that the program reads from. */
export function inputPipe(): Pipe {
  const name = fifo()
  // Opening one end waits for the other, unless somebody has both.
  const both = fs.openSync(name, O_RDWR)
  const theirs = fs.openSync(name, O_RDONLY)
  const writer = fs.openSync(name, O_WRONLY | O_NONBLOCK)
  fs.closeSync(both)
  fs.unlinkSync(name)
  return { theirs, ours: new net.Socket({ fd: writer, readable: false, writable: true }) }
}
