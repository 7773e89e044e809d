/** A program as a student might write it, and a copy that is to look like another. */
export const COUNT = `def count(data):
    """How many lines, words and bytes."""
    words = 0
    inside = False
    for byte in data:
        if byte in b" \\t\\n\\r\\v\\f":
            inside = False
        elif not inside:
            inside = True
            words += 1
    return data.count(b"\\n"), words, len(data)
`
export const READ = `def read(name):
    if name == "-":
        return sys.stdin.buffer.read()
    with open(name, "rb") as file:
        return file.read()
`
const MAIN = `def main(names):
    totals = [0, 0, 0]
    status = 0
    for name in names or ["-"]:
        try:
            counts = count(read(name))
        except OSError as error:
            print(f"wc: {name}: {error.strerror}", file=sys.stderr)
            status = 1
            continue
        totals = [a + b for a, b in zip(totals, counts)]
        print(*(str(n).rjust(7) for n in counts), name)
    if len(names) > 1:
        print(*(str(n).rjust(7) for n in totals), "total")
    return status
`
const END = 'sys.exit(main(sys.argv[1:]))'
export const WC = ['import sys\n', COUNT, READ, MAIN, END].join('\n\n')

/** The same, with the functions in another order, other names and texts, and comments. */
export const DISGUISED = ['from sys import *\nimport sys, os', MAIN, READ, COUNT, END]
  .join('\n\n')
  .replace(/\b(names|totals|status|counts|name|data|words|inside|byte|count|read|error)\b/g, (word) => `my_${word}_2`)
  .replace('"total"', "'sum of all'")
  .replace('f"wc: {', 'f"can not read {')
  .replaceAll(/^( +)(for|return|with) /gm, '$1# Here comes a comment of mine.\n$1$2 ')
