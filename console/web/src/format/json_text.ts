// Lays out JSON text over lines without reading its values: every token stays as it was written,
// so no number is rounded, no key reordered and no escape undone.

export type Token = {
  readonly kind: "sign" | "name" | "string" | "number" | "word";
  readonly text: string;
};

export type Line = { readonly indent: number; readonly tokens: ReadonlyArray<Token> };

const SIGN = /([{}[\],:])/.source;
const STRING = /("(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")/.source;
const NUMBER = /(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.source;
const TOKEN = new RegExp(`[\\t\\n\\r ]*(?:${SIGN}|${STRING}|${NUMBER}|(true|false|null))`, "y");

/** Throws SyntaxError where the text is not made of JSON tokens. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`no JSON at character ${from + 1}`);
    const [, sign, string, number, word] = match;
    if (sign === ":" && tokens.at(-1)?.kind === "string") {
      tokens.push({ kind: "name", text: tokens.pop()!.text });
    }
    if (sign) tokens.push({ kind: "sign", text: sign });
    else if (string) tokens.push({ kind: "string", text: string });
    else if (number) tokens.push({ kind: "number", text: number });
    else tokens.push({ kind: "word", text: word! });
  }
  return tokens;
}

export function linesOf(text: string): Line[] {
  const tokens = tokensOf(text);
  const lines: Line[] = [];
  let line: Token[] = [];
  let indent = 0;
  const close = () => {
    if (line.length) lines.push({ indent, tokens: line });
    line = [];
  };
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1]?.text;
    const closes = token.kind === "sign" && (token.text === "}" || token.text === "]");
    const follows = tokens[index - 1]?.kind === "sign" && (previous === "{" || previous === "[");
    if (closes && !follows) {
      close();
      indent -= 1;
    }
    if (!closes && follows) {
      close();
      indent += 1;
    }
    line.push(token);
    if (token.kind === "sign" && token.text === ",") close();
  });
  close();
  return lines;
}
