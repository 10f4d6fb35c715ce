// What the values beside it lack, because they are too large to be shown.
import type { Cut } from "../api/types.ts";
import { texts } from "../texts.ts";

export function Shortened({ cuts, run }: { cuts: ReadonlyArray<Cut>; run?: string | undefined }) {
  return (
    <>
      {cuts.map((cut) => (
        <p key={cut.pointer} className="quiet">
          <code>{cut.pointer || "/"}</code> {texts.reveal.shortened(cut.bytes)}
        </p>
      ))}
      {run && cuts.length > 0 && (
        <p className="quiet">
          <code>{`resolute history ${run} --json`}</code> {texts.reveal.whole}
        </p>
      )}
    </>
  );
}
