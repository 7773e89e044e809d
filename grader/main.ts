import { classroom } from './engine/classroom.ts'
import { Unusable } from './engine/failure.ts'
import { load } from './engine/load.ts'

/** Exit statuses, the same for every command. */
const USAGE_STATUS = 2
const OWN_FAULT = 3
/** 128 + SIGPIPE. */
const BROKEN_PIPE = 141

interface Module {
  run(args: string[]): Promise<number>
  HELP: string
}

interface Command {
  summary: string
  /** Not in a classroom's copy: it is for authors and instructors. */
  withheld?: true
  load: () => Promise<Module>
}

const COMMANDS: Record<string, Command> = {
  grade: { summary: 'grade your work on a project', load: () => load<Module>('./commands/grade.ts', import.meta.url) },
  start: {
    summary: 'begin a project in the language of your choice',
    load: () => load<Module>('./commands/start.ts', import.meta.url),
  },
  next: { summary: 'what to do next', load: () => load<Module>('./commands/next.ts', import.meta.url) },
  status: {
    summary: 'the map of the course, and how far you are',
    load: () => load<Module>('./commands/status.ts', import.meta.url),
  },
  plan: {
    summary: 'what a push has changed, for GitHub Actions',
    load: () => load<Module>('./commands/plan.ts', import.meta.url),
  },
  progress: {
    summary: 'record gradings on the branch progress',
    load: () => load<Module>('./commands/progress.ts', import.meta.url),
  },
  compare: {
    summary: 'your work and the reference side by side',
    withheld: true,
    load: () => load<Module>('./commands/compare.ts', import.meta.url),
  },
  cohort: {
    summary: 'fetch and grade the repositories of a cohort',
    withheld: true,
    load: () => load<Module>('./commands/cohort.ts', import.meta.url),
  },
  classroom: {
    summary: 'a copy of the course for students, without the references',
    withheld: true,
    load: () => load<Module>('./commands/classroom.ts', import.meta.url),
  },
  hint: { summary: 'the next hint for the check that fails', load: () => load<Module>('./commands/hint.ts', import.meta.url) },
  prove: {
    summary: 'prove that the graders are right',
    withheld: true,
    load: () => load<Module>('./commands/prove.ts', import.meta.url),
  },
  new: {
    summary: 'begin a new project of the course',
    withheld: true,
    load: () => load<Module>('./commands/new.ts', import.meta.url),
  },
  curriculum: {
    summary: 'rebuild what is generated from the hidden tests',
    withheld: true,
    load: () => load<Module>('./commands/curriculum.ts', import.meta.url),
  },
  bench: {
    summary: 'measure the grader itself, in ratios',
    withheld: true,
    load: () => load<Module>('./commands/bench.ts', import.meta.url),
  },
}

/** Runs one command of the course and sets the exit status: 0 passed, 1 failed, 2 a call that can not be carried out, 3 the grader's own fault. */
export async function main([name = 'help', ...args]: string[]): Promise<void> {
  process.stdout.on('error', endWithReader)
  const command = known(name)
  try {
    process.exitCode = command ? await runCommand(command, args) : help(name)
  } catch (error) {
    if (error instanceof Unusable) {
      console.error(error.message)
      process.exitCode = USAGE_STATUS
    } else {
      console.error(`The grader itself failed; this is not your fault. Please report it:\n${(error as Error).stack}`)
      process.exitCode = OWN_FAULT
    }
  }
  await end()
}

/** A command by its name, if there is one here. */
function known(name: string): Command | undefined {
  const command = COMMANDS[name]
  return command?.withheld && classroom() ? undefined : command
}

async function runCommand(command: Command, args: string[]): Promise<number> {
  const { run, HELP } = await command.load()
  if (!args.includes('--help') && !args.includes('-h')) return run(args)
  console.log(HELP)
  return 0
}

/** Ends the process when all output is out: whatever a hidden test may have left open, a grading ends when it is over. */
async function end(): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write('', done))
  process.exit()
}

/** Whoever reads our output may stop reading it, as `head` does: that ends us, without a word. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(BROKEN_PIPE)
}

function help(name: string): number {
  const names = Object.keys(COMMANDS).filter(known)
  const lines = names.map((command) => `  npm run ${command.padEnd(11)} ${COMMANDS[command]?.summary}`)
  console.log(`A course in systems programming. The commands (each tells more with \`-- --help\`):\n\n${lines.join('\n')}\n`)
  if (name === 'help' || name === '--help' || name === '-h') return 0
  console.error(`There is no command "${name}".`)
  return USAGE_STATUS
}
