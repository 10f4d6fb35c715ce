// Copies a text and says so.
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { texts } from "../texts.ts";
import { Icon } from "./icons.tsx";

const SAID_MS = 2000;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      className="icon-button"
      aria-label={copied ? texts.copied : texts.copy(what)}
      onPress={() => {
        navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false), // refused by the browser: the text can be selected
        );
      }}
    >
      <Icon name={copied ? "check" : "copy"} />
    </Button>
  );
}
