// A digest by its first 12 digits, as everywhere; the whole one on demand.
import { texts } from "../texts.ts";
import { CopyButton } from "./CopyButton.tsx";

export function Digest({ digest, copy = true }: { digest: string; copy?: boolean }) {
  return (
    <span className="digest" title={digest}>
      <code>
        <span>{digest.slice(0, 4)}</span>
        <span>{digest.slice(4, 8)}</span>
        <span>{digest.slice(8, 12)}</span>
      </code>
      {copy && <CopyButton text={digest} what={texts.approval.digest.toLowerCase()} />}
    </span>
  );
}
