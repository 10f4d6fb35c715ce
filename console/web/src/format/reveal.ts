// Splits a text into what a reader sees as it is and what would deceive: characters that are
// invisible, that reorder the line, or that pass for others.
import { codeOf, CONFUSABLE, nameOf, scriptOf } from "./characters.ts";

export type Deceit = "control" | "invisible" | "direction" | "space" | "lookalike" | "stacked";

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "mark";
      readonly deceit: Deceit;
      readonly character: string;
      /** Printed instead of the character; for a look-alike, the character itself. */
      readonly label: string;
      /** For example "U+202E right-to-left override". */
      readonly name: string;
    };

export type Revealed = {
  readonly pieces: ReadonlyArray<Piece>;
  readonly rightToLeft: boolean;
};

/** "value": nothing is taken for granted. "prose": line breaks and runs of spaces are ordinary. */
export type Reading = "value" | "prose";

const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Co}\p{Cn}\p{Cs}\u2800\ufff9-\ufffb]/u;
const LINE_END = /[\n\u0085\u2028\u2029]/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const COMPATIBILITY = /[\uff01-\uff5e\u{1d400}-\u{1d7ff}\u2044\u2215\u29f8\ua789\u2236\u02d0]/u;
const MARKS_IN_A_ROW = 3; // real orthographies stack no more

export function reveal(text: string, reading: Reading = "value"): Revealed {
  const characters = [...text];
  const foreign = lookalikes(characters);
  const pieces: Piece[] = [];
  let plain = "";
  let combining = 0;
  characters.forEach((character, index) => {
    combining = /\p{M}/u.test(character) ? combining + 1 : 0;
    const deceit = foreign.has(index)
      ? "lookalike"
      : combining > MARKS_IN_A_ROW
        ? "stacked"
        : deceitOf(characters, index, reading);
    if (deceit === null) {
      plain += character;
      return;
    }
    if (plain) pieces.push({ kind: "text", text: plain });
    plain = "";
    pieces.push(mark(character, deceit));
    if (LINE_END.test(character)) plain = "\n"; // labelled, and it still breaks
  });
  if (plain) pieces.push({ kind: "text", text: plain });
  return { pieces, rightToLeft: RIGHT_TO_LEFT.test(text) };
}

/** The pieces of the characters from..to; a mark counts as one character. */
export function slice(pieces: ReadonlyArray<Piece>, from: number, to: number): Piece[] {
  const taken: Piece[] = [];
  let place = 0;
  for (const piece of pieces) {
    const characters = piece.kind === "text" ? [...piece.text] : [piece.character];
    const first = Math.max(0, from - place);
    const last = Math.min(characters.length, to - place);
    place += characters.length;
    if (first >= last) continue;
    if (piece.kind === "mark") taken.push(piece);
    else taken.push({ kind: "text", text: characters.slice(first, last).join("") });
  }
  return taken;
}

/** True when reveal would mark something. */
export function deceives(text: string, reading: Reading = "value"): boolean {
  return reveal(text, reading).pieces.some((piece) => piece.kind === "mark");
}

function mark(character: string, deceit: Deceit): Piece {
  const { short, name } = nameOf(character);
  if (deceit !== "lookalike") {
    return { kind: "mark", deceit, character, label: short, name: `${codeOf(character)} ${name}` };
  }
  const script = scriptOf(character);
  const what = script === "other" ? "not the plain character" : `${script} letter`;
  return {
    kind: "mark",
    deceit,
    character,
    label: character,
    name: `${codeOf(character)} ${what}`,
  };
}

function deceitOf(characters: readonly string[], index: number, reading: Reading): Deceit | null {
  const character = characters[index]!;
  if (character === "\n") return reading === "prose" ? null : "control";
  if (character === " ")
    return reading === "value" && isOddSpace(characters, index) ? "space" : null;
  if (DIRECTION.test(character)) return "direction";
  if (/[\p{Cc}\u2028\u2029]/u.test(character)) return "control";
  if (isEmojiJoint(characters, index)) return null;
  if (INVISIBLE.test(character)) return "invisible";
  if (/\p{Zs}/u.test(character)) return "space";
  return null;
}

// A space at either end, or beside another one, cannot be counted by eye.
function isOddSpace(characters: readonly string[], index: number): boolean {
  const before = characters[index - 1];
  const after = characters[index + 1];
  return before === undefined || after === undefined || before === " " || after === " ";
}

// A joiner or selector inside an emoji belongs to the picture.
function isEmojiJoint(characters: readonly string[], index: number): boolean {
  const before = characters[index - 1] ?? "";
  if (characters[index] === "\ufe0f") return /\p{Emoji}/u.test(before);
  if (characters[index] !== "\u200d") return false;
  const picture = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
  return picture.test(before) && /\p{Extended_Pictographic}/u.test(characters[index + 1] ?? "");
}

// Indexes of letters and digits that pass for others: a foreign letter in a Latin word, a word made
// wholly of confusable letters, a digit or sign that is not the plain one.
function lookalikes(characters: readonly string[]): Set<number> {
  const found = new Set<number>();
  const words: number[][] = [[]];
  characters.forEach((character, index) => {
    if (COMPATIBILITY.test(character)) found.add(index);
    if (/\p{Nd}/u.test(character) && !/[0-9]/.test(character)) found.add(index);
    if (/\p{L}/u.test(character)) words.at(-1)!.push(index);
    else if (!/\p{M}/u.test(character)) words.push([]);
  });
  for (const word of words) {
    const scripts = new Set(word.map((index) => scriptOf(characters[index]!)));
    if (!scripts.has("Latin") || scripts.size === 1) continue;
    for (const index of word) {
      if (!["Latin", "other"].includes(scriptOf(characters[index]!))) found.add(index);
    }
  }
  const confusable = words.filter((word) => isConfusable(word, characters));
  const foreignWords = words.filter((word) =>
    word.some((index) => ["Cyrillic", "Greek", "Armenian"].includes(scriptOf(characters[index]!))),
  );
  // In a text that is really written in that script, such words are ordinary.
  if (foreignWords.every((word) => confusable.includes(word))) {
    for (const index of confusable.flat()) found.add(index);
  }
  return found;
}

function isConfusable(word: readonly number[], characters: readonly string[]): boolean {
  return word.length > 0 && CONFUSABLE.test(word.map((index) => characters[index]).join(""));
}
