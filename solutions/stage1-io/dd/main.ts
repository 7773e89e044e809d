import fs from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { type Complaints, reason, STDERR, STDIN, STDOUT, writeAll } from '#lib/io.ts'
import { FatalError, runProgram } from '#lib/program.ts'
import { Input } from './input.ts'
import { type Operands, parseOperands } from './operands.ts'
import { Output } from './output.ts'

const USAGE =
  'usage: dd [if=FILE] [of=FILE] [bs=N] [ibs=N] [obs=N] [count=N] [skip=N] [seek=N] [conv=LIST] [iflag=LIST] [oflag=LIST] [status=HOW]'
const { O_APPEND, O_CREAT, O_DIRECT, O_RDONLY, O_WRONLY } = fs.constants

async function main(args: string[], complaints: Complaints): Promise<number> {
  const operands = parseOperands(args)
  const start = performance.now()
  const input = new Input(openInput(operands), operands)
  const output = new Output(openOutput(operands), operands)
  const report = () => {
    const text = statistics(input, output, operands.status, (performance.now() - start) / 1000)
    writeAll(STDERR, Buffer.from(text))
  }
  process.on('SIGUSR1', report)
  await copy(input, output, operands, complaints, report)
  report()
  return complaints.status
}

function openInput({ input, inputFlags }: Operands): number {
  return input === undefined ? STDIN : open(input, O_RDONLY | (inputFlags.has('direct') ? O_DIRECT : 0))
}

function openOutput({ output, outputFlags }: Operands): number {
  if (output === undefined) return STDOUT
  return open(
    output,
    O_WRONLY | O_CREAT | (outputFlags.has('direct') ? O_DIRECT : 0) | (outputFlags.has('append') ? O_APPEND : 0),
  )
}

function open(name: string, flags: number): number {
  try {
    return fs.openSync(name, flags)
  } catch (error) {
    throw new FatalError(`failed to open '${name}': ${reason(error)}`)
  }
}

async function copy(input: Input, output: Output, operands: Operands, complaints: Complaints, report: () => void): Promise<void> {
  await input.skip()
  try {
    for (let record = 0; record < operands.count; record++) {
      const block = await nextBlock(input, operands, complaints, report)
      if (block === undefined) break
      output.write(block)
      // Signals are answered between two blocks.
      await turn()
    }
    output.finish()
  } catch (error) {
    complaints.add(`error writing '${operands.output ?? 'standard output'}': ${reason(error)}`)
  }
}

/** A block that can not be read is the end of the copy, or with conv=noerror just a block that is missing. */
async function nextBlock(
  input: Input,
  { input: name = 'standard input', conversions }: Operands,
  complaints: Complaints,
  report: () => void,
): Promise<Buffer | undefined> {
  try {
    return await input.next()
  } catch (error) {
    const goOn = conversions.has('noerror')
    complaints.add(`error reading '${name}': ${reason(error)}`, goOn ? 0 : 1)
    if (!goOn) return undefined
    report()
    return input.lost()
  }
}

function statistics(input: Input, output: Output, status: string, seconds: number): string {
  if (status === 'none') return ''
  const records = `${input.tally} in\n${output.tally} out\n`
  const { bytes } = output.tally
  const rate = (bytes / seconds / 1e6).toFixed(1)
  return status === 'noxfer' ? records : `${records}${bytes} bytes copied, ${seconds.toFixed(6)} s, ${rate} MB/s\n`
}

runProgram('dd', USAGE, main)
