// Fails the build when dist/ breaks the content security policy, loads from outside or is too big.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const INITIAL_GZIP_BYTES = 250_000; // everything that the first screen loads, fonts included

const page = readFileSync(`${DIST}index.html`, "utf8");
const problems = [];
if (/<style|\sstyle=|\son[a-z]+=/i.test(page))
  problems.push("index.html has inline styles or handlers");
for (const [tag, body] of page.matchAll(/<script[^>]*>([^]*?)<\/script>/g)) {
  if (body.trim()) problems.push(`index.html has an inline script: ${tag.slice(0, 60)}`);
}
for (const [, url] of page.matchAll(/(?:src|href)="([^"]*)"/g)) {
  if (!url.startsWith("/assets/"))
    problems.push(`index.html loads ${url}, which is not under /assets/`);
}

let initial = 0;
for (const name of readdirSync(`${DIST}assets`).toSorted()) {
  const bytes = readFileSync(`${DIST}assets/${name}`);
  if (name.endsWith(".css") && /url\(\s*["']?(https?:|\/\/|data:)/.test(bytes.toString())) {
    problems.push(`${name} loads something from elsewhere`);
  }
  const size = /\.woff2$/.test(name) ? bytes.length : gzipSync(bytes, { level: 9 }).length;
  // Fonts of rarer letters and screens that are not the first are fetched when they are needed.
  const first = page.includes(name) || /-latin-wght-.*\.woff2$|^worker-/.test(name);
  if (first) initial += size;
  console.log(`${first ? "initial" : "later  "} ${String(size).padStart(7)}  ${name}`);
}
console.log(`initial ${String(initial).padStart(7)}  of at most ${INITIAL_GZIP_BYTES}`);
if (initial > INITIAL_GZIP_BYTES) problems.push(`the first screen loads ${initial} bytes`);
for (const problem of problems) console.error(`error: ${problem}`);
process.exit(problems.length ? 1 : 0);
