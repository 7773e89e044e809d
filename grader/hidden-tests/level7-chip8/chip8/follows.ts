import { assemble, Chip8Model, type Quirk } from '../../../models/chip8.ts'
import { agreesWithModel } from '../../../models/operations.ts'
import type { Kit } from '../../../programs/kit.ts'

const args = (quirks: Quirk[]) => (quirks.length > 0 ? ['--quirks', quirks.join(',')] : [])

/** Answers all requests as the model does. A fresh program for each sequence. */
export async function follows({ program }: Kit, requests: string[], quirks: Quirk[] = []): Promise<void> {
  await agreesWithModel({ open: () => program.session(args(quirks)), model: () => new Chip8Model(quirks), requests, batch: 32 })
}

/** Answers the last of some requests as the model answers the last of others: what one request must do, said in smaller ones. */
follows.aside = async ({ program }: Kit, requests: string[], inSteps: string[], options: string[]): Promise<void> => {
  const model = new Chip8Model()
  const answers = inSteps.map((request) => model.answer(request))
  const machine = program.session(options)
  for (const request of requests.slice(0, -1)) await machine.ask(request)
  await machine.answersTo(
    requests.at(-1) as string,
    answers.at(-1) as string,
    `It is the same as: ${inSteps.slice(0, 5).join(', ')} …`,
  )
  await machine.end()
}

/** Two registers, neither of which is V0 or VF. */
export const two = ({ random }: Kit) => random.distinct(2, () => random.int(1, 14)) as [number, number]

/** A program that draws a sprite twice in the same place, after the first time. */
export function draw(x: number, y: number, sprite: Buffer): string[] {
  const program = assemble(
    0x6100 + x,
    0x6200 + y,
    0xa20c,
    0xd120 + sprite.length,
    0xd120 + sprite.length,
    0x1200,
    sprite.toString('hex'),
  )
  return [`load ${program}`, 'step 4']
}
