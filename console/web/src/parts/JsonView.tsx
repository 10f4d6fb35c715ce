// JSON text over lines, token by token as it was written.
import { useMemo, useState } from "react";
import { linesOf, type Line } from "../format/json_text.ts";
import { texts } from "../texts.ts";
import { CopyButton } from "./CopyButton.tsx";
import { Revealed } from "./Revealed.tsx";

const FIRST_LINES = 200;

/** `text` must be JSON; anything else is shown as one plain text. */
export function JsonView({ text, label }: { text: string; label: string }) {
  const [all, setAll] = useState(false);
  const lines = useMemo(() => layout(text), [text]);
  const shown = all ? lines : lines.slice(0, FIRST_LINES);
  return (
    <div className="json">
      <pre tabIndex={0} role="region" aria-label={label}>
        {shown.map((line, index) => (
          <JsonLine key={index} line={line} />
        ))}
      </pre>
      <div className="json-tools">
        {lines.length > shown.length && (
          <button type="button" className="link" onClick={() => setAll(true)}>
            {texts.reveal.all(text.length)}
          </button>
        )}
        <CopyButton text={text} what={label} />
      </div>
    </div>
  );
}

function layout(text: string): Line[] {
  try {
    return linesOf(text);
  } catch {
    return [{ indent: 0, tokens: [{ kind: "word", text }] }];
  }
}

function JsonLine({ line }: { line: Line }) {
  return (
    <code className="json-line" style={{ paddingInlineStart: `${line.indent * 2}ch` }}>
      {line.tokens.map((token, index) => (
        <span key={index} className={`json-${token.kind}`}>
          {token.kind === "string" || token.kind === "name" ? (
            <Quoted text={token.text.slice(1, -1)} />
          ) : (
            token.text
          )}
          {token.text === ":" && " "}
        </span>
      ))}
    </code>
  );
}

// The quotes stand outside, so that a space at either end of the text is seen as such.
function Quoted({ text }: { text: string }) {
  return (
    <>
      &quot;
      {text !== "" && <Revealed text={text} />}
      &quot;
    </>
  );
}
