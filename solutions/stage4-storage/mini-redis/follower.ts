import net from 'node:net'
import { CommandReader, encodeCommand } from './protocol.ts'

export interface Leader {
  host: string
  port: number
}

const AGAIN_AFTER = 200

/** The connection of a follower to its leader, made again whenever it breaks. */
export class Following {
  readonly leader: Leader
  /** True when it has everything, and only changes are still to come. */
  upToDate = false
  private socket: net.Socket | undefined
  private timer: NodeJS.Timeout | undefined
  private readonly onSnapshot: (commands: string[][]) => void
  private readonly onCommand: (words: string[]) => void

  constructor(leader: Leader, onSnapshot: (commands: string[][]) => void, onCommand: (words: string[]) => void) {
    this.leader = leader
    this.onSnapshot = onSnapshot
    this.onCommand = onCommand
    this.connect()
  }

  private connect(): void {
    const { host, port } = this.leader
    const socket = net.connect(port, host, () => socket.write(encodeCommand(['SYNC'])))
    this.socket = socket
    let begun = Buffer.alloc(0)
    let reader: CommandReader | undefined
    socket.on('data', (chunk: Buffer) => {
      if (!reader) {
        begun = Buffer.concat([begun, chunk])
        const found = snapshotIn(begun)
        if (!found) return
        this.onSnapshot(found.commands)
        this.upToDate = true
        reader = new CommandReader()
        reader.push(begun.subarray(found.length))
      } else reader.push(chunk)
      for (let words = reader.next(); words; words = reader.next()) this.onCommand(words)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.upToDate = false
      this.timer = setTimeout(() => this.connect(), AGAIN_AFTER)
    })
  }

  stop(): void {
    this.socket?.removeAllListeners('close').destroy()
    clearTimeout(this.timer)
  }
}

/** The bulk string that begins what a leader sends: commands that make all there is. */
function snapshotIn(bytes: Buffer): { commands: string[][]; length: number } | undefined {
  const line = bytes.indexOf('\r\n')
  const size = Number(bytes.toString('latin1', 1, line))
  const length = line + 2 + size + 2
  if (line < 0 || bytes.length < length) return undefined
  const reader = new CommandReader()
  reader.push(bytes.subarray(line + 2, line + 2 + size))
  const commands: string[][] = []
  for (let words = reader.next(); words; words = reader.next()) commands.push(words)
  return { commands, length }
}
