import { afterAll, describe, expect, it } from 'vitest'
import { leave } from '../../grader/programs/workroom.ts'
import { failureOf, javascript, withKit } from './kit.ts'

afterAll(leave)

const GREETER = javascript(`
  process.on('SIGINT', () => console.log('got INT'))
  process.stdout.on('resize', () => console.log(process.stdout.rows, process.stdout.columns))
  process.stdout.write('name> ')
  process.stdin.on('data', (data) => {
    const name = String(data).trim()
    console.log('hello ' + name)
    if (name === 'end') process.exit(5)
    process.stdout.write('name> ')
  })`)

describe('a program on a terminal', () => {
  it('is typed to, signalled by keys, resized, and ends with its status', async () => {
    await withKit(GREETER, async ({ program }) => {
      const terminal = await program.terminal([], { size: { columns: 60, rows: 10 } })
      await terminal.shows('name> ')
      terminal.enter('ada')
      await terminal.shows('hello ada')
      terminal.press('C-c')
      await terminal.shows('got INT')
      terminal.resize({ columns: 91, rows: 33 })
      await terminal.shows('33 91')
      terminal.enter('end')
      await terminal.endsWith(5)
      expect(terminal.text()).toContain('name> ada\nhello ada')
    })
  })

  it('has a screen, on which control sequences do what they must', async () => {
    await withKit(`printf 'aaaa\\rbb\\n\\033[31mred\\033[0m\\033[5;7Hthere'; cat`, async ({ program }) => {
      const terminal = await program.terminal([])
      await terminal.shows('there')
      expect(terminal.lines().slice(0, 5)).toEqual(['bbaa', 'red', '', '', '      there'])
      expect(terminal.cursor()).toEqual({ row: 4, column: 11 })
      terminal.hangUp()
    })
  })

  it('that does not show what it must, fails with its screen', async () => {
    const text = await withKit(
      'echo goodbye; cat',
      async ({ program }) => failureOf((await program.terminal([])).shows('hello')),
      0.1,
    )
    expect(text).toContain('still running')
    expect(text).toContain('hello\ngoodbye')
  })
})
