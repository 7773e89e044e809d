import type { Kit } from '../../../programs/kit.ts'
import type { ServeOptions, Server } from '../../../programs/server.ts'
import { connect, type Resp } from '../../../protocols/resp.ts'

export const DATA = 'data'

/** Starts a server on an empty folder (or on what an earlier one has left in it), with a client. */
export async function open({ program, scratch }: Kit, ...args: string[]): Promise<{ server: Server; redis: Resp }> {
  const options: ServeOptions = { data: scratch.folder(DATA), args }
  const server = await program.serve(options)
  const redis = await connect(server)
  // Redis accepts clients while it still reads its log, and tells them so.
  const quiet = await connect(server, { quiet: true })
  while (String(await quiet.call('PING')).startsWith('-LOADING'));
  quiet.close()
  return { server, redis }
}

/** With every change in the log before it is acknowledged. */
export const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always']
