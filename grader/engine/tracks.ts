import fs from 'node:fs'
import path from 'node:path'
import { Unusable } from './failure.ts'
import { nearest, places, ROOT } from './projects.ts'

export interface Reading {
  author: string
  title: string
  part?: string
}

export interface Phase {
  title: string
  weeks: string
  skills: string[]
  readings: Reading[]
  tasks?: string[]
  projects: string[]
}

/** A road through the projects, as `tracks.json` has it; `tracks.schema.json` beside this file says what each field holds. */
export interface Track {
  id: string
  title: string
  summary: string
  pace: string
  phases: Phase[]
}

/** Where the tracks are written down. */
export const tracksFile = (root = ROOT): string => path.join(places.stages(root), 'tracks.json')

/**
 * All tracks of the course.
 * @throws {Unusable} the file can not be read.
 */
export function loadTracks(root = ROOT): Track[] {
  const file = tracksFile(root)
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Unusable(`${path.relative(root, file)} can not be read: ${(error as Error).message}`)
  }
}

/**
 * The track of that id, in small or capital letters.
 * @throws {Unusable} there is none; the message names the nearest, or all of them.
 */
export function findTrack(given: string, tracks = loadTracks()): Track {
  const id = given.toLowerCase()
  const track = tracks.find((one) => one.id === id)
  if (track) return track
  const ids = tracks.map((one) => one.id)
  const near = new Set([...nearest(id, ids), ...ids.filter((one) => one.includes(id))])
  const mend = near.size > 0 ? `Did you mean ${[...near].join(' or ')}?` : `There are: ${ids.join(', ')}.`
  throw new Unusable(`There is no track "${given}". ${mend}`)
}

/** The slugs of a track in their order, each once, those that are still to come included. */
export function projectsOf({ phases }: Track): string[] {
  return [...new Set(phases.flatMap(({ projects }) => projects))]
}
