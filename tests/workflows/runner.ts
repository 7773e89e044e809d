import fs from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { parse } from 'yaml'
import { ROOT } from '../../grader/engine/projects.ts'

interface Step {
  id?: string
  name?: string
  if?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Record<string, string>
}

interface Job {
  needs?: string | string[]
  if?: string
  outputs?: Record<string, string>
  env?: Record<string, string>
  permissions?: Record<string, string>
  strategy?: { matrix: Record<string, string | (string | number)[]> }
  steps: Step[]
}

export interface Workflow {
  on: Record<string, unknown>
  permissions?: Record<string, string>
  jobs: Record<string, Job>
}

export const readWorkflow = (name: string): Workflow => parse(fs.readFileSync(path.join(ROOT, '.github/workflows', name), 'utf8'))

/** What came of a job: one of several, where there is a matrix. */
export interface Outcome {
  job: string
  result: 'success' | 'failure' | 'skipped'
  log: string
  summary: string
}

/** What a workflow is begun by: a push, somebody who fills in its inputs, or the clock. */
interface Push {
  event?: 'push' | 'workflow_dispatch' | 'schedule'
  before?: string
  sha: string
  inputs?: Record<string, string>
  secrets?: Record<string, string>
  /** Settings of the machine that runs it. */
  env?: Record<string, string>
}

interface Context {
  github: { event_name: string; event: { before?: string }; sha: string; ref: string }
  inputs: Record<string, string>
  secrets: Record<string, string>
  needs: Record<string, { result: string; outputs: Record<string, string> }>
  matrix: Record<string, string>
  strategy: { 'job-index': number }
  steps: Record<string, { outputs: Record<string, string> }>
}

/** Evaluates what our workflows say between `${{` and `}}`: names, strings, comparisons, always() and fromJSON(). */
function evaluate(expression: string, context: Context, ok: boolean): unknown {
  const code = expression.replace(/\.([a-z]+(?:-[a-z]+)+)/g, '["$1"]')
  const names = { ...context, always: () => true, success: () => ok, fromJSON: JSON.parse }
  return new Function(...Object.keys(names), `return (${code})`)(...Object.values(names))
}

const fill = (text: string, context: Context): string =>
  text.replace(/\$\{\{(.*?)\}\}/g, (_, expression) => String(evaluate(expression, context, true) ?? ''))

const fillAll = (values: Record<string, unknown> = {}, context: Context): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fill(String(value), context)]))

/** The jobs of a matrix: a list for one name, or what an expression gives. */
function combinations(matrix: Record<string, string | (string | number)[]>, context: Context): Record<string, string>[] {
  if (typeof matrix.include === 'string') return evaluate(bare(matrix.include), context, true) as Record<string, string>[]
  return Object.entries(matrix).flatMap(([name, values]) => [...values].map((value) => ({ [name]: String(value) })))
}

const bare = (condition: string) => condition.replace(/^\$\{\{|\}\}$/g, '')

/**
 * Runs a workflow as GitHub would: each job in a checkout of its own, the `run` steps by bash in their order, a failed one ends its job. Of the actions there is what ours need
 * (checkout, setup-node, artifacts); `npm ci` gives way to a link to what is installed here, and Debian's packages are those that there are.
 */
export class Runner {
  private readonly remote: string
  private readonly folder: string
  private readonly env: Record<string, string>
  private readonly context: Omit<Context, 'matrix' | 'strategy' | 'steps'>
  private checkouts = 0

  /** @param remote a bare repository. @param folder for checkouts and artifacts. */
  constructor(remote: string, folder: string, push: Push) {
    this.remote = remote
    this.folder = folder
    const { event = 'push', before, sha, inputs = {}, secrets = {}, env = {} } = push
    this.env = env
    const github = { event_name: event, event: before ? { before } : {}, sha, ref: 'refs/heads/main' }
    this.context = { github, inputs, secrets, needs: {} }
  }

  /** @param only these jobs; all, if none are named. */
  async run(workflow: Workflow, only = Object.keys(workflow.jobs)): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const [name, job] of Object.entries(workflow.jobs)) {
      if (!only.includes(name)) continue
      const context = { ...this.context, matrix: {}, strategy: { 'job-index': 0 }, steps: {} }
      const needs = [job.needs ?? []].flat()
      const isWanted = job.if
        ? evaluate(bare(job.if), context, true)
        : needs.every((need) => this.context.needs[need]?.result === 'success')
      if (!isWanted) {
        outcomes.push({ job: name, result: 'skipped', log: '', summary: '' })
        this.context.needs[name] = { result: 'skipped', outputs: {} }
        continue
      }
      const matrix = job.strategy ? combinations(job.strategy.matrix, context) : [{}]
      const own = []
      for (const [index, values] of matrix.entries())
        own.push(await this.runJob(name, job, { ...context, matrix: values, strategy: { 'job-index': index } }))
      outcomes.push(...own)
      const isBad = own.some(({ result }) => result === 'failure')
      const outputs = fillAll(job.outputs, own.at(-1)?.context as Context)
      this.context.needs[name] = { result: isBad ? 'failure' : 'success', outputs }
    }
    return outcomes
  }

  private async runJob(name: string, job: Job, context: Context): Promise<Outcome & { context: Context }> {
    const cwd = path.join(this.folder, `checkout-${++this.checkouts}`)
    const files = { GITHUB_OUTPUT: `${cwd}.output`, GITHUB_STEP_SUMMARY: `${cwd}.summary` }
    for (const file of Object.values(files)) fs.writeFileSync(file, '')
    let log = ''
    let ok = true
    for (const step of job.steps) {
      if (!evaluate(bare(step.if ?? 'success()'), context, ok)) continue
      if (step.if && !step.if.includes('always()') && !ok) continue
      if (step.uses) await this.use(step, cwd, context)
      if (!step.run) continue
      if (step.run === '.ci/packages') continue
      if (step.run.startsWith('npm ci')) {
        fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(cwd, 'node_modules'))
        continue
      }
      const env = {
        ...this.env,
        ...fillAll(job.env, context),
        ...fillAll(step.env, context),
        ...files,
        GITHUB_SHA: context.github.sha,
        CI: 'true',
      }
      const result = await execa('bash', ['-e', '-c', fill(step.run, context)], {
        cwd,
        env,
        all: true,
        reject: false,
        stdin: 'ignore',
      })
      log += `${result.all}\n`
      ok &&= result.exitCode === 0
      if (step.id) context.steps[step.id] = { outputs: readOutputs(files.GITHUB_OUTPUT) }
    }
    return {
      job: name,
      result: ok ? 'success' : 'failure',
      log,
      summary: fs.readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
      context,
    }
  }

  private async use({ uses = '', with: given }: Step, cwd: string, context: Context): Promise<void> {
    const [action] = uses.split('@')
    const values = fillAll(given, context)
    const artifacts = path.join(this.folder, 'artifacts')
    switch (action) {
      case 'actions/checkout':
        await execa('git', ['clone', '--quiet', this.remote, cwd])
        await execa('git', ['checkout', '--quiet', context.github.sha], { cwd })
        return
      case 'actions/setup-node':
        return
      case 'actions/upload-artifact':
        upload(path.join(cwd, values.path as string), path.join(artifacts, values.name as string))
        return
      case 'actions/download-artifact':
        if (fs.existsSync(artifacts)) fs.cpSync(artifacts, path.join(cwd, values.path as string), { recursive: true })
        return
      default:
        throw new Error(`the test knows no action ${action}`)
    }
  }
}

/** Of a folder its content is uploaded, and of a file the file. */
function upload(source: string, artifact: string): void {
  if (!fs.existsSync(source)) return
  const isFolder = fs.statSync(source).isDirectory()
  fs.cpSync(source, isFolder ? artifact : path.join(artifact, path.basename(source)), { recursive: true })
}

const readOutputs = (file: string): Record<string, string> =>
  Object.fromEntries(
    fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

/** The workflow commands that a runner would obey in a log (`::error …::…`), with regard to `::stop-commands::`. */
export function commandsIn(log: string): string[] {
  const commands: string[] = []
  let word: string | undefined
  for (const line of log.split('\n').map((text) => text.trim())) {
    const stop = /^::stop-commands::(.+)$/.exec(line)?.[1]
    if (word !== undefined) {
      if (line === `::${word}::`) word = undefined
    } else if (stop) word = stop
    else if (/^::[a-z-]+( .*)?::/.test(line) || line.startsWith('##[')) commands.push(line)
  }
  return commands
}
