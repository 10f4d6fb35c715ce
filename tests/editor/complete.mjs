// What an author sees while writing a workflow: completions and marks, by the schema that
// `resolute schema` prints.
//
//   node complete.mjs BIN PROJECT
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { LanguageServer } from './language_server.mjs'

const [bin, project] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, 'node_modules', '.bin', 'yaml-language-server')
const folder = mkdtempSync(join(tmpdir(), 'resolute-editor-'))
const schema = join(folder, 'schema.json')
const results = []

function check(title, holds, seen) {
  results.push(holds)
  console.log(holds ? `ok   ${title}` : `FAIL ${title}\n     saw: ${JSON.stringify(seen)}`)
}

const head = `# yaml-language-server: $schema=${pathToFileURL(schema)}
document: { dsl: 1.0.3, namespace: t, name: t, version: 1.0.0 }
do:
`
let texts = 0
const fresh = () => pathToFileURL(join(folder, `text-${++texts}.yaml`)).href

// `|` in the text is where the author stands.
async function completions(server, text) {
  const before = (head + text).split('|')[0].split('\n')
  const uri = fresh()
  server.open(uri, (head + text).replace('|', ''))
  const found = await server.request('textDocument/completion', {
    textDocument: { uri },
    position: { line: before.length - 1, character: before.at(-1).length }
  })
  return (found.items ?? found).map((item) => item.label)
}

async function marks(server, text) {
  return (await server.diagnostics(fresh(), text)).map((one) => one.message)
}

async function run(server) {
  await server.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { completion: { completionItem: {} } } }
  })
  server.notify('initialized', {})

  const tools = await completions(
    server,
    '  - pay:\n      call: tool\n      with:\n        tool: |\n'
  )
  check('tools of the project are offered', tools.includes('payments.refund'), tools)
  const given = await completions(
    server,
    '  - pay:\n      call: tool\n      with:\n        tool: payments.refund\n        arguments:\n          |\n'
  )
  check('arguments of that tool are offered', given.includes('payment_id') && given.includes('amount'), given)
  const steps = await completions(server, '  - pay:\n      |\n')
  check('kinds of steps are offered', ['call', 'switch', 'fork', 'try', 'wait', 'run', 'emit', 'listen'].every((kind) => steps.includes(kind)), steps)
  const models = await completions(
    server,
    '  - ask:\n      call: model\n      with:\n        model: |\n'
  )
  check('models of the project are offered', models.includes('classifier'), models)

  for (const name of readdirSync(join(project, 'workflows'))) {
    const text = readFileSync(join(project, 'workflows', name), 'utf8')
    const said = await marks(server, `# yaml-language-server: $schema=${pathToFileURL(schema)}\n${text}`)
    check(`nothing is marked in ${name}`, said.length === 0, said)
  }
  const fine = await marks(
    server,
    head +
      `  - heard:
      listen:
        to: { one: { with: { type: paid, data: '\${ .amount > 0 }' }, correlate: { order: { from: .data.order } } } }
      timeout: { after: P2D }
  - told: { emit: { event: { with: { source: t, type: done, data: { a: 1 }, tenantid: x } } } }
  - kid: { run: { workflow: { namespace: t, name: kid } } }
  - each:
      listen: { to: { any: [], until: { one: { with: { type: over } } } } }
      foreach: { item: one, do: [ { keep: { set: { n: 1 } } } ], output: { as: .n } }
  - kids: { call: map, with: { workflow: { namespace: t, name: kid }, items: '\${ .all }', concurrency: 5 } }
  - back:
      call: tool
      with:
        tool: payments.refund
        arguments: '\${ .refund }'
        compensate: { tool: payments.get_payment, arguments: '{ payment_id: .id }' }
`
  )
  check('nothing is marked in events, timeouts, runs and what undoes a call', fine.length === 0, fine)
  const undoing = await completions(
    server,
    '  - pay:\n      call: tool\n      with:\n        tool: payments.refund\n        compensate:\n          tool: |\n'
  )
  check('tools are offered for undoing a call', undoing.includes('payments.refund'), undoing)
  const dailies = (more) =>
    head.replace(' }\ndo:', `, metadata: { schedule: { ${more} } } }\nschedule: { cron: '0 6 * * *' }\ndo:`) +
    '  - a: { set: { x: 1 } }\n'
  const scheduled = await marks(server, dailies('timeZone: Europe/Berlin, overlap: skip, catchUp: PT2H'))
  check('nothing is marked in a schedule', scheduled.length === 0, scheduled)
  const overlapping = await marks(server, dailies('overlap: skipp'))
  check('an unknown overlap is marked', overlapping.length > 0, overlapping)
  const misspelt = await marks(server, head + '  - nap: { wiat: PT1S }\n')
  check('a misspelt key is marked', misspelt.some((text) => text.includes('wiat')), misspelt)
  const unknown = await marks(
    server,
    head + '  - pay: { call: tool, with: { tool: payments.refnd, arguments: {} } }\n'
  )
  check('an unknown tool is marked', unknown.length > 0, unknown)
  const missing = await marks(
    server,
    head + '  - look: { call: tool, with: { tool: payments.get_payment, arguments: {} } }\n'
  )
  check('a missing argument is marked', missing.some((text) => text.includes('payment_id')), missing)
}

writeFileSync(schema, execFileSync(join(bin, 'resolute'), ['schema', '--project', project]))
const server = new LanguageServer(program, 20_000)
try {
  await run(server)
} finally {
  server.end()
  rmSync(folder, { recursive: true })
}
const passed = results.filter(Boolean).length
console.log(`${passed} passed, ${results.length - passed} failed`)
process.exitCode = passed === results.length ? 0 : 1
