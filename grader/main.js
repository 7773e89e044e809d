#!/usr/bin/env node
// Node from 22.18 on strips types by itself; tsx does it for the ones before.
if (!process.features.typescript) (await import('tsx/esm/api')).register()
const { main } = await import('./main.ts')
await main(process.argv.slice(2))
