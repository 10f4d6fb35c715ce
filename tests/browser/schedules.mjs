// A schedule is read, paused with a reason, resumed, fired by hand, and filled in.
//
// RESOLUTE_URL   the running console, with office/report.yaml deployed
import { atConsole, expect, inspectScreen } from "./browser.mjs";

const base = process.env.RESOLUTE_URL;
if (!base) {
  console.error("Set RESOLUTE_URL to a running console.");
  process.exit(2);
}
const NAME = "office/report";
const ROBIN = "Robin of the browser test";

await atConsole(base, async ({ page, check, api, complaints }) => {
  const row = page.locator(".schedule-row", { hasText: NAME });
  const badge = page.locator(".run-head .page-head [role=status]");
  const dialog = page.getByRole("dialog");
  const head = page.locator(".run-head");
  const { items } = await api("/schedules");
  const { id } = items.find((it) => it.workflow.name === NAME);

  const press = async (button, send, fill) => {
    await head.getByRole("button", { name: button, exact: true }).click();
    await dialog.getByLabel("Your name").fill(ROBIN);
    if (fill) await fill();
    await dialog.getByRole("button", { name: send }).click();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
    await dialog.waitFor({ state: "detached" });
  };

  await check("the list says what fires next, what came of the last, and by which rules", async () => {
    await page.goto(base);
    await page.getByRole("navigation").getByText("Schedules").click();
    await page.waitForURL("**/schedules");
    const schedule = await api(`/schedules/${id}`);
    await row.locator(`time[datetime="${schedule.nextTimes[0]}"]`).waitFor();
    const text = await row.textContent();
    for (const word of ["Active", schedule.when, "not yet", "skip", "catches up 2 h"])
      expect(text.includes(word), `it does not say ${word}: ${text}`);
  });

  await check("schedules: accessible and whole at every width", () =>
    inspectScreen(page, "schedules"),
  );

  await check("J and Enter open a schedule", async () => {
    await page.locator("body").press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/schedules/${id}`);
    await badge.getByText("Active").waitFor();
    const times = await page.locator(".times time").count();
    expect(times === 5, `${times} next times`);
  });

  await check("it is paused with a reason, and starts nothing", async () => {
    await press("Pause", "Pause the schedule", () =>
      dialog.getByLabel("Reason").fill("The printer is away"),
    );
    await badge.getByText("Paused").waitFor();
    await head.locator(".notice", { hasText: "The printer is away" }).waitFor();
    const { paused, nextTimes } = await api(`/schedules/${id}`);
    expect(paused.by === ROBIN && paused.reason === "The printer is away", JSON.stringify(paused));
    expect(nextTimes.length === 0, nextTimes.join());
  });

  await check("a paused schedule: accessible and whole at every width", () =>
    inspectScreen(page, "schedule-paused"),
  );

  await check("the list says so, too", async () => {
    await page.keyboard.press("Escape");
    await page.waitForURL("**/schedules");
    await row.getByText("Paused", { exact: true }).waitFor();
    await row.getByText("not while paused").waitFor();
    await row.getByRole("link").click();
  });

  await check("resumed, it has next times again", async () => {
    await press("Resume", "Resume the schedule");
    await badge.getByText("Active").waitFor();
    await page.locator(".times time").first().waitFor();
  });

  await check("a run by hand starts at once, and the page leads to it", async () => {
    await press("Run now", "Start a run");
    const fire = page.locator(".fire-row", { hasText: "Started" }).first();
    await fire.getByText("Open the run").click();
    await page.waitForURL("**/runs/**");
    await badge.getByText("Completed").waitFor();
    await page.goBack();
  });

  await check("a time that is over is filled in", async () => {
    await press("Fill in", "Start the runs", async () => {
      await dialog.getByLabel("From").fill("2026-03-02T00:00");
      await dialog.getByLabel("Until").fill("2026-03-04T00:00");
      await dialog.getByLabel("Reason").fill("The printer was away");
      await inspectScreen(page, "schedule-fill-in");
    });
    for (const at of ["2026-03-02T05:00:00.000000Z", "2026-03-03T05:00:00.000000Z"])
      await page.locator(`.fires time[datetime="${at}"]`).first().waitFor();
    await badge.getByText("Active").waitFor(); // when the last of them is over
  });

  await check("a schedule with fires: accessible and whole at every width", () =>
    inspectScreen(page, "schedule"),
  );

  await check("what the server refuses is said, and nothing is lost", async () => {
    await head.getByRole("button", { name: "Fill in", exact: true }).click();
    await dialog.getByLabel("Reason").fill("By mistake");
    await dialog.getByLabel("Your name").fill(ROBIN);
    await dialog.getByLabel("Until").fill("2001-01-01T00:00");
    await dialog.getByRole("button", { name: "Start the runs" }).click();
    await dialog.getByRole("alert").getByText("`from` comes before `until`").waitFor();
    const reason = await dialog.getByLabel("Reason").inputValue();
    expect(reason === "By mistake", `the reason is: ${reason}`);
    complaints.length = 0; // the browser tells of the 400 that was wanted
    await page.keyboard.press("Escape");
  });

  await check("a schedule that is not there says so", async () => {
    await page.goto(new URL("/schedules/11111111-1111-1111-1111-111111111111", base).href);
    await page.getByRole("heading", { name: "Not found" }).waitFor();
    await inspectScreen(page, "schedule-not-found");
    complaints.length = 0; // and of the 404
  });
});
