import fs from 'node:fs'
import path from 'node:path'
import Handlebars from 'handlebars'

export interface Rendered {
  /** Relative to the folder that is made. */
  name: string
  content: string
  executable: boolean
}

const handlebars = Handlebars.create()
handlebars.registerHelper('inc', (index: number) => index + 1)

/** Renders every template in a folder; what is not a template (`.hbs`) is left out. Scripts come out executable. */
export function renderFolder(folder: string, values: object): Rendered[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.hbs'))
  return names.sort().map((template) => {
    const name = template.slice(0, -'.hbs'.length)
    return { name, content: render(path.join(folder, template), values), executable: name.endsWith('.sh') }
  })
}

/** Renders one template; a value that it names and that is not given is an error. With `escaped` no value can become markup. */
export function render(file: string, values: object, { escaped = false } = {}): string {
  return handlebars.compile(fs.readFileSync(file, 'utf8'), { strict: true, noEscape: !escaped })(values)
}

export function writeRendered(folder: string, files: Rendered[]): void {
  for (const { name, content, executable } of files) {
    const file = path.join(folder, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, content, { mode: executable ? 0o755 : 0o644 })
  }
}
