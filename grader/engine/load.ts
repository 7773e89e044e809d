import { fileURLToPath } from 'node:url'

/** Set by main.js on a Node that does not strip types: `require` with tsx behind it, which starts 0.1 s sooner than tsx as a loader of modules. */
const LOADER = Symbol.for('grader.require')

/**
 * Loads one of our own modules at the moment it is needed: `load<typeof import('./x.ts')>('./x.ts', import.meta.url)`.
 *
 * @param specifier relative to `from`, or a file URL.
 */
export async function load<Module>(specifier: string, from?: string): Promise<Module> {
  const url = new URL(specifier, from).href
  const require = (globalThis as { [LOADER]?: (file: string) => Module })[LOADER]
  return require ? require(fileURLToPath(url)) : import(/* @vite-ignore */ url)
}
