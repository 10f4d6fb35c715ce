// A fresh Chromium, checks that are reported one by one, and axe with every rule on.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = { light: [1280, 768, 390], dark: [1280, 390] };
const HEIGHT = 900;

const STEP_MS = 15_000;

export const artifacts =
  process.env.RESOLUTE_ARTIFACTS ?? fileURLToPath(new URL("../../build/browser/", import.meta.url));

/** The first page of a browser that has no history, and `close` to leave nothing behind. */
async function openBrowser() {
  mkdirSync(artifacts, { recursive: true });
  const profile = mkdtempSync(join(tmpdir(), "resolute-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.RESOLUTE_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    viewport: { width: WIDTHS.light[0], height: HEIGHT },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || /Content.Security.Policy/i.test(message.text())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { page, complaints, close };
}

/**
 * What a person does with the console at `base`, as checks: with a `page`, the API, and what the
 * browser complained of, which must be nothing in the end. Sets the exit status.
 */
export async function atConsole(base, visit) {
  const { check, finish } = createReport();
  const { page, complaints, close } = await openBrowser();
  page.setDefaultTimeout(STEP_MS);
  const api = async (path) => {
    const answer = await fetch(new URL(`/api/v1${path}`, base));
    expect(answer.ok, `GET ${path} answered ${answer.status}: ${await answer.clone().text()}`);
    return answer.json();
  };
  try {
    await visit({ page, check, api, complaints });
    await check("the browser had nothing to complain about", async () => {
      expect(complaints.length === 0, complaints.join("\n"));
    });
  } catch (error) {
    await check("the test could go on", async () => {
      throw error;
    });
  } finally {
    await close();
  }
  process.exitCode = finish();
}

/** Runs checks in order; each is reported, and the last line counts them. */
function createReport() {
  let number = 0;
  let failed = 0;
  return {
    async check(title, body) {
      number += 1;
      try {
        await body();
        console.log(`ok ${number} - ${title}`);
        return true;
      } catch (error) {
        failed += 1;
        console.log(`not ok ${number} - ${title}`);
        for (const line of String(error?.message ?? error).split("\n")) console.log(`  # ${line}`);
        return false;
      }
    },
    finish() {
      console.log(`${number - failed} passed, ${failed} failed`);
      return failed === 0 && number > 0 ? 0 : 1;
    },
  };
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

/** Screenshots and axe at every width, light and dark; nothing may need sideways scrolling. */
export async function inspectScreen(page, name) {
  const findings = [];
  for (const [colorScheme, widths] of Object.entries(WIDTHS)) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of widths) {
      await page.setViewportSize({ width, height: HEIGHT });
      const where = `${name}-${colorScheme}-${width}`;
      findings.push(...(await axeFindings(page)).map((it) => `${where}: ${it}`));
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) findings.push(`${where}: ${overflow} px wider than the window`);
      await page.screenshot({ path: join(artifacts, `${where}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: "light", contrast: "more", forcedColors: "active" });
  await page.setViewportSize({ width: WIDTHS.light[0], height: HEIGHT });
  findings.push(...(await axeFindings(page)).map((it) => `${name}-forced-colours: ${it}`));
  await page.screenshot({ path: join(artifacts, `${name}-forced-colours.png`) });
  await page.emulateMedia({ colorScheme: "light", contrast: null, forcedColors: "none" });
  expect(findings.length === 0, findings.join("\n"));
}

async function axeFindings(page) {
  await page.evaluate(AXE);
  const results = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values } }),
    RULES,
  );
  return results.violations.map(
    (it) => `${it.id}: ${it.help} (${it.nodes.map((node) => node.target.join(" ")).join(", ")})`,
  );
}

/** The text of an element as it came from the server: marks are read as their characters. */
export function textFromServer(locator) {
  return locator.evaluate((element) => {
    const copy = element.cloneNode(true);
    for (const mark of copy.querySelectorAll("[data-character]")) {
      const code = Number.parseInt(mark.dataset.character.slice(2), 16);
      mark.replaceWith(String.fromCodePoint(code));
    }
    return copy.textContent;
  });
}
