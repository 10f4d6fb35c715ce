// A reviewer approves one pending request in the console, and the run completes.
//
// RESOLUTE_URL       the running console, for example http://127.0.0.1:8420
// RESOLUTE_APPROVAL  the request to approve; without it, the first pending tool call
import { atConsole, expect, inspectScreen, textFromServer } from "./browser.mjs";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";
const COMPLETED_MS = 60_000; // for the run to finish after the approval
const REVIEWER = "Robin of the browser test";

const base = process.env.RESOLUTE_URL;
if (!base) {
  console.error("Set RESOLUTE_URL to the address of a running console.");
  process.exit(2);
}

async function pendingApproval(api) {
  if (process.env.RESOLUTE_APPROVAL) return api(`/approvals/${process.env.RESOLUTE_APPROVAL}`);
  const { items } = await api("/approvals?status=pending&limit=500");
  const first = items.find((it) => it.kind === "tool");
  expect(first, "No tool call waits for approval. Start a case that needs one first.");
  return api(`/approvals/${first.id}`);
}

/** JSON text without the space between its tokens. */
const packed = (text) => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_all, string) => string ?? "");

await atConsole(base, async ({ page, check, api }) => {
  const posts = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  const approval = await pendingApproval(api);
  const card = page.locator("article");
  const button = (name) => card.locator(`button[data-choice="${name}"]`);

  await check("the console is served with its content security policy", async () => {
    const answer = await page.goto(base);
    expect(answer.status() === 200, `GET / answered ${answer.status()}`);
    const policy = answer.headers()["content-security-policy"];
    expect(policy === POLICY, `the policy is: ${policy}`);
  });

  await check("an open server says so, and a scripted model is labelled", async () => {
    const status = await api("/status");
    const banners = page.locator(".banners");
    if (status.open) await banners.getByText("Open: anyone who can reach").waitFor();
    if (status.models.some((it) => it.scripted))
      await banners.getByText("Scripted model").waitFor();
  });

  await check("the inbox shows the pending request", async () => {
    await page.locator(`a[href^="/approvals/${approval.id}"]`).first().waitFor();
  });

  await check("the inbox: accessible and whole at every width", () => inspectScreen(page, "inbox"));

  await check("J walks the list and Enter opens the card, which decides nothing", async () => {
    await page.locator("body").press("j");
    const row = page.locator(`a[data-row][href^="/approvals/${approval.id}"]`);
    for (let steps = 0; steps < 500; steps += 1) {
      if (await row.evaluate((it) => it === document.activeElement)) break;
      await page.keyboard.press("j");
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/approvals/${approval.id}**`);
    await card.getByRole("heading", { level: 1 }).waitFor();
    expect(posts.length === 0, `something was sent: ${posts}`);
  });

  await check("the card has the request's sentence and why a person is asked", async () => {
    const heading = await textFromServer(card.getByRole("heading", { level: 1 }));
    expect(heading === approval.sentence, `the heading is: ${heading}`);
    expect((await textFromServer(card.locator(".facts"))).includes(approval.why), "no reason");
  });

  await check("the form shows every argument", async () => {
    const form = await textFromServer(card.getByRole("tabpanel"));
    for (const field of approval.fields) {
      expect(form.includes(field.label), `no label ${field.label}`);
      expect(form.includes(field.display), `no value ${field.display}`);
    }
  });

  await check("the raw view shows the exact canonical bytes", async () => {
    await card.getByRole("tab", { name: "Raw JSON" }).click();
    const fold = card.locator(".json .fold").first();
    while (await fold.getByText("Show all").count()) await fold.click();
    const shown = packed(await textFromServer(card.locator(".json pre")));
    expect(shown === packed(approval.argumentsText), `shown:    ${shown}`);
    const digest = await card.locator(".decision .digest").textContent();
    expect(digest === approval.digest.slice(0, 12), `the short digest is ${digest}`);
  });

  await check("approve and reject have equal weight", async () => {
    const look = (name) =>
      button(name).evaluate((it) => {
        const { width, height } = it.getBoundingClientRect();
        const { fontSize, fontWeight, backgroundColor } = getComputedStyle(it);
        return JSON.stringify([
          Math.round(width),
          Math.round(height),
          fontSize,
          fontWeight,
          backgroundColor,
        ]);
      });
    const [approve, reject] = [await look("approve"), await look("reject")];
    expect(approve === reject, `${approve} against ${reject}`);
  });

  await check("the card: accessible and whole at every width", () =>
    inspectScreen(page, "approval"),
  );

  // A button that lacks something says so when pressed; `force` presses it although it is disabled.
  await check("without a name and, at high risk, the amount nothing can be approved", async () => {
    await button("approve").click({ force: true });
    await card.getByText("Enter your name first.").waitFor();
    await card.getByLabel("Your name").fill(REVIEWER);
    if (approval.risk !== "low" && approval.risk !== "medium") {
      await button("approve").click({ force: true });
      await card.getByText("Type it exactly first.").waitFor();
    }
    expect(posts.length === 0, `something was sent: ${posts}`);
  });

  await check("Enter never approves, not even when everything is filled in", async () => {
    const challenge = card.locator(".challenge input");
    if (await challenge.count()) {
      const hint = await card.locator(".challenge [slot=description]").textContent();
      await challenge.fill(/Type (.+) to show/.exec(hint)[1]);
      await challenge.press("Enter");
    }
    await card.getByLabel("Your name").press("Enter");
    await button("approve").focus();
    await page.keyboard.press("Enter");
    await card.getByText("Enter never decides. Press Space or click.").waitFor();
    expect(posts.length === 0, `something was sent: ${posts}`);
    const { status } = await api(`/approvals/${approval.id}`);
    expect(status === "pending", `the request is ${status}`);
  });

  await check("a comment survives a reload", async () => {
    await card.getByLabel("Comment").fill("Photo seen: the jar is cracked.");
    await page.reload();
    const comment = await card.getByLabel("Comment").inputValue();
    expect(comment === "Photo seen: the jar is cracked.", `the comment is: ${comment}`);
  });

  await check("Space on the button approves, once", async () => {
    if (await card.getByLabel("Your name").count())
      await card.getByLabel("Your name").fill(REVIEWER);
    const challenge = card.locator(".challenge input");
    if (await challenge.count()) {
      const hint = await card.locator(".challenge [slot=description]").textContent();
      await challenge.fill(/Type (.+) to show/.exec(hint)[1]);
    }
    await button("approve").focus();
    await page.keyboard.press("Space");
    await card.locator(".decisions").getByText(REVIEWER).waitFor();
    expect(posts.length === 1, `${posts.length} requests were sent`);
    const { status, decisions } = await api(`/approvals/${approval.id}`);
    expect(["approved", "consumed"].includes(status), `the request is ${status}`);
    expect(decisions.filter((it) => it.by === REVIEWER).length === 1, JSON.stringify(decisions));
  });

  await check("the decided card: accessible and whole at every width", () =>
    inspectScreen(page, "approval-decided"),
  );

  await check("the run page says completed by itself", async () => {
    await card.locator(".after-decision").getByText("Open the run").click();
    await page.waitForURL(`**/runs/${approval.runId}**`);
    const status = page.locator(".run-head .page-head [role=status]");
    await status.getByText("Completed").waitFor({ timeout: COMPLETED_MS });
    const run = await api(`/runs/${approval.runId}`);
    expect(run.status === "completed", `the API says ${run.status}`);
  });

  await check("the timeline tells the history, with the exact record on demand", async () => {
    const { items } = await api(`/runs/${approval.runId}/history?limit=500`);
    const first = page.getByRole("button", { name: "Exact record of event 1", exact: true });
    await first.scrollIntoViewIfNeeded();
    const shown = await textFromServer(page.locator(".events"));
    expect(shown.includes(items[0].sentence), `no sentence: ${items[0].sentence}`);
    await first.click();
    const record = page.locator(".record").first();
    const body = packed(await textFromServer(record.locator("pre")));
    const sorted = (value) => JSON.stringify(value, Object.keys(value).sort());
    expect(
      sorted(JSON.parse(body)) === sorted(items[0].body),
      `shown: ${body}\nrecorded: ${JSON.stringify(items[0].body)}`,
    );
  });

  await check("the run: accessible and whole at every width", () => inspectScreen(page, "run"));

  await check("the list of runs agrees", async () => {
    await page.getByRole("navigation").getByText("Runs").click();
    const row = page.locator(".run-row", {
      has: page.locator(`a[href="/runs/${approval.runId}"]`),
    });
    await row.getByText("Completed").first().waitFor();
  });

  await check("runs: accessible and whole at every width", () => inspectScreen(page, "runs"));

  await check("the inbox has it no more", async () => {
    await page.getByRole("navigation").getByText("Inbox").click();
    await page.waitForFunction((id) => {
      const link = document.querySelector(`a[href^="/approvals/${id}"]`);
      return link === null || link.closest("[data-gone]") !== null;
    }, approval.id);
  });

  await check("the keyboard map is accessible", async () => {
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await inspectScreen(page, "keyboard");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  await check("an address that leads nowhere says so", async () => {
    await page.goto(new URL("/no-such-page", base).href);
    await page.getByText("There is no such page").waitFor();
    await inspectScreen(page, "not-found");
  });
});
