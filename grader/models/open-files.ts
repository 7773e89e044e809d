import fs from 'node:fs'

/** The flags of open(2) with which other processes have a file open, as far as this one may look. */
export function openFlagsOf(file: string): number[] {
  const { dev, ino } = fs.statSync(file)
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.flatMap((pid) => {
    try {
      return fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        const stat = fs.statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false })
        if (stat?.dev !== dev || stat.ino !== ino) return []
        const flags = /^flags:\s*([0-7]+)/m.exec(fs.readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1]
        return [Number.parseInt(flags ?? '0', 8)]
      })
    } catch {
      return []
    }
  })
}
