// The exact arguments, as a form and as the canonical JSON, with the digest that binds them.
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { Approval } from "../../api/types.ts";
import { CopyButton } from "../../parts/CopyButton.tsx";
import { Digest } from "../../parts/Digest.tsx";
import { JsonView } from "../../parts/JsonView.tsx";
import { Findings, Revealed } from "../../parts/Revealed.tsx";
import { texts } from "../../texts.ts";
import type { Row } from "./inspect.ts";

const SHORT = 60; // beyond this many characters the length is worth saying

export function Arguments({ approval, rows }: { approval: Approval; rows: ReadonlyArray<Row> }) {
  return (
    <section aria-labelledby="arguments">
      <Tabs className="arguments" keyboardActivation="manual">
        <div className="section-head">
          <h2 id="arguments">{titleOf(approval)}</h2>
          <TabList className="tabs" aria-labelledby="arguments">
            <Tab id="form">{texts.approval.form}</Tab>
            <Tab id="raw">{texts.approval.raw}</Tab>
          </TabList>
        </div>
        <TabPanel id="form">
          {rows.length === 0 ? (
            <p className="quiet">{texts.approval.noArguments}</p>
          ) : (
            <dl className="form-view">
              {rows.map((row) => (
                <FormRow key={row.pointer} row={row} contract={approval.toolContract !== null} />
              ))}
            </dl>
          )}
        </TabPanel>
        <TabPanel id="raw">
          <JsonView text={approval.argumentsText} label={texts.approval.raw} />
          <p className="quiet">{texts.approval.rawExplain}</p>
        </TabPanel>
      </Tabs>
      {approval.key !== null && (
        <p className="digest-line">
          <span>{texts.approval.key}</span>
          <code>{approval.key}</code>
          <CopyButton text={approval.key} what={texts.approval.key.toLowerCase()} />
          <span className="quiet">{texts.approval.keyExplain}</span>
        </p>
      )}
      <p className="digest-line">
        <span>{texts.approval.digest}</span>
        <Digest digest={approval.digest} />
        <span className="quiet">{texts.approval.digestExplain}</span>
      </p>
    </section>
  );
}

function titleOf(approval: Approval): string {
  if (approval.kind === "question") return texts.approval.details;
  if (approval.kind === "resolution") return texts.approval.argumentsSent;
  return approval.status === "pending" ? texts.approval.arguments : texts.approval.argumentsSettled;
}

function FormRow({ row, contract }: { row: Row; contract: boolean }) {
  const shown = row.exact ?? row.display;
  return (
    <div data-pointer={row.pointer}>
      <dt>
        <Revealed text={row.label} foldable={false} />
        {contract && !row.labelled && <span className="quiet">{texts.approval.unlabelled}</span>}
      </dt>
      <dd>
        <span className="display">
          <Revealed text={row.display} />
        </span>
        {row.exact !== null && (
          <code className="exact-value">
            <Revealed text={row.exact} />
          </code>
        )}
        {shown.length > SHORT && (
          <span className="quiet">{texts.reveal.length([...shown].length)}</span>
        )}
        <Findings text={shown} />
      </dd>
    </div>
  );
}
