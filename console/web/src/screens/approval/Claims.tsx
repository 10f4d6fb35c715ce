// What the model says. Folded away, and never mixed with evidence.
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import type { Approval } from "../../api/types.ts";
import { Chip, ScriptedChip } from "../../parts/badges.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Findings, Revealed } from "../../parts/Revealed.tsx";
import { texts } from "../../texts.ts";

export function Claims({ approval }: { approval: Approval }) {
  const { claims } = approval;
  if (claims.length === 0) return null;
  return (
    <Disclosure className="claims">
      <Heading level={2}>
        <Button slot="trigger">
          <Icon name="chevron" />
          {texts.approval.claims(claims.length)}
          <Chip tone="model" icon="question">
            {texts.approval.unverified}
          </Chip>
          {claims.some((it) => it.scripted) && <ScriptedChip />}
        </Button>
      </Heading>
      <DisclosurePanel>
        <p className="quiet">{texts.approval.claimsExplain}</p>
        <ul>
          {claims.map((claim, index) => (
            <li key={index}>
              <Revealed text={claim.text} reading="prose" />
              <Findings text={claim.text} reading="prose" />
              <p className="quiet">
                {texts.approval.by(claim.model)} {claim.scripted && <ScriptedChip />}
              </p>
            </li>
          ))}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}
