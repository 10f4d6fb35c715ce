// A person answers a workflow's question with one of the author's choices, and the run completes.
//
// RESOLUTE_URL       the running console
// RESOLUTE_APPROVAL  the pending question of question.yaml
import { atConsole, expect, inspectScreen, textFromServer } from "./browser.mjs";

const base = process.env.RESOLUTE_URL;
const id = process.env.RESOLUTE_APPROVAL;
if (!base || !id) {
  console.error("Set RESOLUTE_URL to a running console and RESOLUTE_APPROVAL to a question.");
  process.exit(2);
}

await atConsole(base, async ({ page, check, api, complaints }) => {
  const card = page.locator("article");
  const button = (choice) => card.locator(`button[data-choice="${choice}"]`);

  // As another person: the name is kept by the browser, so each has a page of their own.
  const open = async (name) => {
    await page.evaluate(() => localStorage.clear());
    await page.goto(new URL(`/approvals/${id}`, base).href);
    await card.getByRole("heading", { level: 1 }).waitFor();
    await card.getByLabel("Your name").fill(name);
  };

  const question = await api(`/approvals/${id}`);
  expect(question.kind === "question", `it is a ${question.kind}`);
  await page.goto(base);

  await check("the inbox shows the question", async () => {
    await page.locator(`a[href^="/approvals/${id}"]`).first().waitFor();
  });

  await check("the card asks it, with what the author shows", async () => {
    await open("Somebody else");
    const heading = await textFromServer(card.getByRole("heading", { level: 1 }));
    expect(heading === question.sentence, `the heading is: ${heading}`);
    const form = await textFromServer(card.getByRole("tabpanel"));
    for (const field of question.fields) expect(form.includes(field.display), field.display);
  });

  await check("its choices are the author's, in order, and nothing else", async () => {
    const choices = await card
      .locator("button[data-choice]")
      .evaluateAll((all) => all.map((it) => it.dataset.choice));
    expect(JSON.stringify(choices) === '["send back","keep"]', JSON.stringify(choices));
  });

  await check("the question: accessible and whole at every width", () =>
    inspectScreen(page, "question"),
  );

  await check("whoever is not asked is refused and told who is", async () => {
    await button("keep").focus();
    await page.keyboard.press("Space");
    await card.getByRole("alert").getByText("is not among those who are asked").waitFor();
    const { status } = await api(`/approvals/${id}`);
    expect(status === "pending", `the question is ${status}`);
    complaints.length = 0; // the browser tells of the 403 that was wanted
  });

  await check("Enter answers nothing, Space answers once", async () => {
    await open("Robin of the browser test");
    await button("send back").focus();
    await page.keyboard.press("Enter");
    await card.getByText("Enter never decides. Press Space or click.").waitFor();
    await page.keyboard.press("Space");
    await card.locator(".decisions").getByText("Robin of the browser test").waitFor();
    const { decisions } = await api(`/approvals/${id}`);
    const said = decisions.map((it) => it.decision);
    expect(JSON.stringify(said) === '["send back"]', JSON.stringify(decisions));
  });

  await check("the run goes on with the answer", async () => {
    await card.locator(".after-decision").getByText("Open the run").click();
    await page.waitForURL(`**/runs/${question.runId}**`);
    await page
      .locator(".run-head .page-head [role=status]")
      .getByText("Completed")
      .waitFor();
    const { output } = await api(`/runs/${question.runId}`);
    expect(output.parcel === "send back", JSON.stringify(output));
    expect(output.by === "Robin of the browser test", JSON.stringify(output));
  });
});
