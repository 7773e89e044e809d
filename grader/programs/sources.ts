import fs from 'node:fs'
import path from 'node:path'

/** The languages of the course, by the end of the file name. */
export const LANGUAGES: Record<string, string> = {
  '.ts': 'typescript',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.py': 'python',
  '.go': 'go',
  '.rs': 'rust',
  '.zig': 'zig',
  '.c': 'c',
  '.cpp': 'cpp',
  '.cc': 'cpp',
  '.java': 'java',
  '.rb': 'ruby',
}

/** What is made by building, or comes from others. */
const FOREIGN = /^(build|target|node_modules|\.)/
/** Of the course's own proofs, beside a reference. */
const PROOFS = ['impostors.ts', 'equivalent.ts']
const DEPTH = 2

/** A submission's own files, what is built or comes from others left out; links are not followed. */
export function ownFiles(folder: string, depth = 0): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return depth < DEPTH && !FOREIGN.test(entry.name) ? ownFiles(file, depth + 1) : []
    return entry.isFile() && !PROOFS.includes(entry.name) ? [file] : []
  })
}

/** The sources of a submission: files whose names say which language they are in. */
function sources(folder: string): { file: string; language: string }[] {
  return ownFiles(folder).flatMap((file) => {
    const language = LANGUAGES[path.extname(file)]
    return language ? [{ file, language }] : []
  })
}

/** The language that most of a folder's own bytes are in. */
export function languageOf(folder: string): { language?: string } {
  const sizes = new Map<string, number>()
  for (const { file, language } of sources(folder)) sizes.set(language, (sizes.get(language) ?? 0) + fs.statSync(file).size)
  const [largest] = [...sizes].sort((a, b) => b[1] - a[1])
  return largest ? { language: largest[0] } : {}
}

/** How much there is to read: bytes, and lines that are not blank. */
export function sourceSize(folder: string): { bytes: number; lines: number } {
  const texts = sources(folder).map(({ file }) => fs.readFileSync(file, 'utf8'))
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '')
  return { bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0), lines: lines.length }
}
