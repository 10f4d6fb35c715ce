// What changes in the system of record, and which tool changes it.
import type { Approval } from "../../api/types.ts";
import { Chip } from "../../parts/badges.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Findings, Revealed } from "../../parts/Revealed.tsx";
import { label, texts } from "../../texts.ts";

export function Changes({ approval }: { approval: Approval }) {
  const { changes, toolContract: contract } = approval;
  if (changes.length === 0 && !contract) return null;
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">{texts.approval.changes}</h2>
      {changes.length === 0 ? (
        <p className="quiet">{texts.approval.noChanges}</p>
      ) : (
        <table className="changes">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">{texts.approval.changes}</span>
              </th>
              <th scope="col">{texts.approval.before}</th>
              <th scope="col" colSpan={2}>
                {texts.approval.after}
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.label}>
                <th scope="row">{change.label}</th>
                <td>
                  <Side text={change.before} />
                </td>
                <td className="becomes">
                  <Icon name="arrow" />
                </td>
                <td className="after">
                  <Side text={change.after} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {contract && (
        <p className="contract">
          <span>{texts.approval.contract}</span>
          <strong>{contract.title}</strong>
          <code>
            {contract.name}@{contract.version}
          </code>
          <Chip tone={contract.effect === "irreversible" ? "bad" : "calm"}>
            {label(texts.effect, contract.effect)}
          </Chip>
        </p>
      )}
    </section>
  );
}

function Side({ text }: { text: string | null }) {
  if (text === null) return <em className="absent">{texts.approval.absent}</em>;
  return (
    <>
      <Revealed text={text} />
      <Findings text={text} />
    </>
  );
}
