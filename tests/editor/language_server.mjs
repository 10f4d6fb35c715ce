// Speaks with a language server over its standard input and output (Language Server Protocol 3.17).
import { spawn } from 'node:child_process'

export class LanguageServer {
  #child
  #next = 1
  #waiting = new Map() // by request number
  #diagnostics = new Map() // by document: what waits for them
  #bytes = Buffer.alloc(0)

  constructor(program, patience_ms) {
    this.patience_ms = patience_ms
    this.#child = spawn(program, ['--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.stdout.on('data', (bytes) => this.#read(bytes))
  }

  request(method, params) {
    const id = this.#next++
    const answer = this.#soon(`an answer to ${method}`, (done) => this.#waiting.set(id, done))
    this.#send({ id, method, params })
    return answer
  }

  notify(method, params) {
    this.#send({ method, params })
  }

  // What the server says about a text; a text of its own for each question.
  diagnostics(uri, text) {
    const said = this.#soon(`diagnostics of ${uri}`, (done) => this.#diagnostics.set(uri, done))
    this.open(uri, text)
    return said
  }

  open(uri, text) {
    this.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text }
    })
  }

  end() {
    this.#child.kill()
  }

  #soon(what, start) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ${what} in time`)), this.patience_ms)
      start((value) => {
        clearTimeout(late)
        resolve(value)
      })
    })
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
    this.#child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`)
    this.#child.stdin.write(body)
  }

  #read(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    for (;;) {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/Content-Length: (\d+)/i.exec(this.#bytes.toString('latin1', 0, end))[1])
      if (this.#bytes.length < end + 4 + length) return
      const message = JSON.parse(this.#bytes.toString('utf8', end + 4, end + 4 + length))
      this.#bytes = this.#bytes.subarray(end + 4 + length)
      this.#take(message)
    }
  }

  #take(message) {
    if (message.method === 'textDocument/publishDiagnostics') {
      this.#diagnostics.get(message.params.uri)?.(message.params.diagnostics)
    } else if (message.method && message.id !== undefined) {
      // The server asks for settings that this client does not have.
      const none = message.method === 'workspace/configuration'
      this.#send({ id: message.id, result: none ? message.params.items.map(() => ({})) : null })
    } else if (this.#waiting.has(message.id)) {
      this.#waiting.get(message.id)(message.result)
      this.#waiting.delete(message.id)
    }
  }
}
