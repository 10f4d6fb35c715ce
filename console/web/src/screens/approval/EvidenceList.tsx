// What a reviewer can rely on: each quote with its source, its age and how far it is trusted.
import type { Approval, Evidence } from "../../api/types.ts";
import { Chip, type Tone } from "../../parts/badges.tsx";
import { Icon, type IconName } from "../../parts/icons.tsx";
import { Findings, Revealed } from "../../parts/Revealed.tsx";
import { Age } from "../../parts/times.tsx";
import { label, texts } from "../../texts.ts";

const TRUST: Readonly<Record<string, readonly [Tone, IconName]>> = {
  system: ["good", "check"],
  verified_tool: ["good", "check"],
  user: ["warn", "person"],
  untrusted: ["bad", "alert"],
};

export function EvidenceList({ approval }: { approval: Approval }) {
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">{texts.approval.evidence}</h2>
      {approval.evidence.length === 0 ? (
        <p className="quiet">{texts.approval.noEvidence}</p>
      ) : (
        <ol className="evidence">
          {approval.evidence.map((item, index) => (
            <EvidenceItem key={index} item={item} />
          ))}
        </ol>
      )}
      {approval.missing.length > 0 && (
        <div className="missing">
          <h3>
            <Icon name="alert" />
            {texts.approval.missing}
          </h3>
          <ul>
            {approval.missing.map((text) => (
              <li key={text}>
                <Revealed text={text} reading="prose" />
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function EvidenceItem({ item }: { item: Evidence }) {
  const [tone, icon] = TRUST[item.trust] ?? (["bad", "question"] as const);
  return (
    <li data-trust={item.trust}>
      <div className="evidence-head">
        <h3>
          <Revealed text={item.title} reading="prose" />
        </h3>
        <Chip tone={tone} icon={icon}>
          {label(texts.trust, item.trust)}
        </Chip>
      </div>
      <blockquote>
        <Revealed text={item.quote} reading="prose" />
      </blockquote>
      <Findings text={item.quote} reading="prose" />
      <p className="quiet">
        <Revealed text={item.source} reading="prose" />
        {" · "}
        {item.at === null ? texts.approval.undated : <Age at={item.at} say={texts.approval.age} />}
      </p>
    </li>
  );
}
