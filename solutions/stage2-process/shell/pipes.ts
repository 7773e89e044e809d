import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export interface Pipe {
  read: number
  write: number
}

/**
 * Real pipes, for other processes to talk through. Node has no pipe(2), and what `spawn` makes are sockets that end in this process. But a named pipe is a pipe, and once
 * both its ends are open it needs no name any more.
 */
export function makePipes(count: number): Pipe[] {
  return inPrivateFolder((folder) => {
    const names = Array.from({ length: count }, (_, n) => path.join(folder, String(n)))
    execFileSync('/usr/bin/mkfifo', names)
    return names.map((name) => {
      // To open one end alone would wait for somebody at the other one. To open both at once waits for nobody.
      const both = fs.openSync(name, 'r+')
      const pipe = { read: fs.openSync(name, 'r'), write: fs.openSync(name, 'w') }
      fs.closeSync(both)
      return pipe
    })
  })
}

/** A file without a name that is read from its start. A pipe would hold no more than 64 KiB until somebody reads. */
export function openText(text: string): number {
  return inPrivateFolder((folder) => {
    const name = path.join(folder, 'text')
    fs.writeFileSync(name, text)
    return fs.openSync(name, 'r')
  })
}

function inPrivateFolder<T>(work: (folder: string) => T): T {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shell-'))
  try {
    return work(folder)
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}
