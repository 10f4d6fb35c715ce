// What went in and what came out, exactly.
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { textOf, type Json } from "../../api/json.ts";
import type { Run } from "../../api/types.ts";
import { Icon } from "../../parts/icons.tsx";
import { JsonView } from "../../parts/JsonView.tsx";
import { Shortened } from "../../parts/Shortened.tsx";
import { texts } from "../../texts.ts";

export function Payloads({ run }: { run: Run }) {
  return (
    <div className="payloads">
      <Payload name={texts.run.input} value={run.input} />
      {run.status === "completed" && <Payload name={texts.run.output} value={run.output} />}
      <Shortened cuts={run.shortened} run={run.id} />
    </div>
  );
}

function Payload({ name, value }: { name: string; value: Json }) {
  return (
    <Disclosure className="payload">
      {({ isExpanded }) => (
        <>
          <Heading level={2}>
            <Button slot="trigger">
              <Icon name="chevron" />
              {name}
            </Button>
          </Heading>
          <DisclosurePanel>
            {isExpanded && <JsonView text={textOf(value)} label={name} />}
          </DisclosurePanel>
        </>
      )}
    </Disclosure>
  );
}
