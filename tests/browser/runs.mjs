// Runs that belong together: a run that starts others, one of those paused and resumed, its fork.
//
// RESOLUTE_URL   the running console
// RESOLUTE_RUN   the run of office/day.yaml that waits for the night
// RESOLUTE_FORK  a fork of the run that it waits for
import { atConsole, expect, inspectScreen, textFromServer } from "./browser.mjs";

const base = process.env.RESOLUTE_URL;
const parent = process.env.RESOLUTE_RUN;
const fork = process.env.RESOLUTE_FORK;
if (!base || !parent || !fork) {
  console.error("Set RESOLUTE_URL, RESOLUTE_RUN and RESOLUTE_FORK; run.py does.");
  process.exit(2);
}
const CHILDREN = 8; // seven parcels and the night
const SHOWN = 5;

await atConsole(base, async ({ page, check, api }) => {
  const open = (run) => page.goto(new URL(`/runs/${run}`, base).href);
  const step = (name) => page.locator(".step-row", { hasText: name });
  const badge = page.locator(".run-head .page-head [role=status]");
  const dialog = page.getByRole("dialog");
  const child = (await api(`/runs/${parent}`)).steps.find((it) => it.run !== null).run;

  await check("a map shows how many items it has, not a row for each", async () => {
    await open(parent);
    await step("parcels").getByText("7 items").waitFor();
    const rows = await page.locator(".step-row").count();
    expect(rows === 2, `${rows} rows of steps`);
  });

  await check("a few of the runs that it started, and how many there are", async () => {
    const section = page.getByRole("region", { name: "Runs that it started" });
    await section.getByText(`Show all ${CHILDREN}`).waitFor();
    await section.locator(".run-row").first().waitFor();
    const rows = await section.locator(".run-row").count();
    expect(rows === SHOWN, `${rows} rows`);
    await page.locator(".counts").getByText(`${CHILDREN} runs started`).waitFor();
  });

  await check("a run with runs: accessible and whole at every width", () =>
    inspectScreen(page, "run-parent"),
  );

  await check("all of them are a list of runs, with the way back", async () => {
    await step("parcels").getByText("Show its runs").click();
    await page.waitForURL(`**/runs?parent=${parent}`);
    await page.locator(`.related-to a[href="/runs/${parent}"]`).waitFor();
    await page.locator(".runs li").nth(CHILDREN - 1).waitFor();
    const { items } = await api(`/runs?parent=${parent}`);
    const shown = await page.locator(".runs li").count();
    expect(items.length === CHILDREN && shown === CHILDREN, `${shown} of ${items.length} shown`);
  });

  await check("the list of its runs: accessible and whole at every width", () =>
    inspectScreen(page, "runs-of-parent"),
  );

  await check("filters keep to the runs of that run", async () => {
    await page.getByRole("link", { name: "Waiting", exact: true }).click();
    await page.locator(".runs li").nth(1).waitFor({ state: "detached" });
    const href = await page.locator(".runs li a").first().getAttribute("href");
    expect(href === `/runs/${child}`, `the list begins with ${href}`);
    await page.getByText("Show all runs").click();
    await page.locator(".related-to").waitFor({ state: "detached" });
  });

  await check("a child leads to the step that started it, and the step to the child", async () => {
    await open(parent);
    await step("overnight").getByText("Open its run").click();
    await page.waitForURL(`**/runs/${child}`);
    const from = page.locator(".facts div", { hasText: "Started by" });
    expect((await textFromServer(from)).includes("/do/1/overnight"), "the step is not named");
    const href = await from.getByRole("link").getAttribute("href");
    expect(href === `/runs/${parent}`, `it leads to ${href}`);
  });

  await check("a run knows its fork, and the fork where it comes from", async () => {
    const section = page.getByRole("region", { name: "Forks of this run" });
    await section.locator(`a[href="/runs/${fork}"]`).click();
    await page.waitForURL(`**/runs/${fork}`);
    const from = page.locator(".facts div", { hasText: "Forked from" });
    const { forkedFrom } = await api(`/runs/${fork}`);
    expect((await textFromServer(from)).includes(`event ${forkedFrom.sequence} of run`), "no place");
    const href = await from.getByRole("link").getAttribute("href");
    expect(href === `/runs/${child}?at=${forkedFrom.sequence}`, `it leads to ${href}`);
  });

  await check("a fork: accessible and whole at every width", () => inspectScreen(page, "run-fork"));

  await check("nobody pauses a run without a name and a reason", async () => {
    await open(child);
    await page.getByRole("button", { name: "Pause run" }).click();
    const send = dialog.getByRole("button", { name: "Pause the run" });
    expect(await send.isDisabled(), "it could be sent with nothing filled in");
    await dialog.getByLabel("Reason").fill("The lock is being changed");
    expect(await send.isDisabled(), "it could be sent without a name");
    await dialog.getByLabel("Your name").fill("Robin of the browser test");
    expect(!(await send.isDisabled()), "it cannot be sent");
    await inspectScreen(page, "run-pause");
    await send.click();
    await dialog.getByText("The run was asked to pause.").waitFor();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  });

  await check("a paused run says who paused it and why, and can be resumed", async () => {
    const head = page.locator(".run-head");
    await head.getByRole("button", { name: "Resume run" }).waitFor();
    await head.locator(".notice", { hasText: "The lock is being changed" }).waitFor();
    const { paused } = await api(`/runs/${child}`);
    expect(paused.by === "Robin of the browser test", JSON.stringify(paused));
    await inspectScreen(page, "run-paused");
  });

  await check("resumed, it goes on waiting", async () => {
    await page.getByRole("button", { name: "Resume run" }).click();
    await dialog.getByLabel("Reason").fill("The lock is in");
    await dialog.getByRole("button", { name: "Resume the run" }).click();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
    await page.getByRole("button", { name: "Pause run" }).waitFor();
    await badge.getByText("Waiting").waitFor();
    const { items } = await api(`/runs/${child}/history?limit=500`);
    const said = items.filter((it) => /paused|resumed/.test(it.kind)).map((it) => it.body.reason);
    expect(said.join() === "The lock is being changed,The lock is in", said.join());
  });
});
