// Names of characters that a reader cannot see, or takes for others.

const NAMES: Readonly<Record<number, readonly [short: string, name: string]>> = {
  0x00: ["NUL", "null"],
  0x07: ["BEL", "bell"],
  0x08: ["BS", "backspace"],
  0x09: ["TAB", "tab"],
  0x0a: ["LF", "line feed"],
  0x0b: ["VT", "vertical tab"],
  0x0c: ["FF", "form feed"],
  0x0d: ["CR", "carriage return"],
  0x1b: ["ESC", "escape"],
  0x20: ["SP", "space"],
  0x7f: ["DEL", "delete"],
  0x85: ["NEL", "next line"],
  0xa0: ["NBSP", "no-break space"],
  0xad: ["SHY", "soft hyphen"],
  0x034f: ["CGJ", "combining grapheme joiner"],
  0x061c: ["ALM", "Arabic letter mark"],
  0x115f: ["HCF", "Hangul choseong filler"],
  0x1160: ["HJF", "Hangul jungseong filler"],
  0x180e: ["MVS", "Mongolian vowel separator"],
  0x200b: ["ZWSP", "zero width space"],
  0x200c: ["ZWNJ", "zero width non-joiner"],
  0x200d: ["ZWJ", "zero width joiner"],
  0x200e: ["LRM", "left-to-right mark"],
  0x200f: ["RLM", "right-to-left mark"],
  0x2028: ["LSEP", "line separator"],
  0x2029: ["PSEP", "paragraph separator"],
  0x202a: ["LRE", "left-to-right embedding"],
  0x202b: ["RLE", "right-to-left embedding"],
  0x202c: ["PDF", "pop directional formatting"],
  0x202d: ["LRO", "left-to-right override"],
  0x202e: ["RLO", "right-to-left override"],
  0x202f: ["NNBSP", "narrow no-break space"],
  0x2060: ["WJ", "word joiner"],
  0x2066: ["LRI", "left-to-right isolate"],
  0x2067: ["RLI", "right-to-left isolate"],
  0x2068: ["FSI", "first strong isolate"],
  0x2069: ["PDI", "pop directional isolate"],
  0x2800: ["BLANK", "Braille blank"],
  0x3000: ["IDSP", "ideographic space"],
  0x3164: ["HF", "Hangul filler"],
  0xfeff: ["BOM", "zero width no-break space"],
  0xffa0: ["HHF", "halfwidth Hangul filler"],
};

// Letters of other scripts that look like Latin ones (from the confusables of UTS 39).
export const CONFUSABLE = new RegExp(
  `^[${[
    "аеорсухіјѕһԁԛԝңАВЕЅІЈКМНОРСТУХԌԚԜ", // Cyrillic
    "αινορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", // Greek
    "օսոհԱՕՍ", // Armenian
  ].join("")}]+$`,
  "u",
);

export function codeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What to print in place of the character, and its name in words. */
export function nameOf(character: string): { short: string; name: string } {
  const code = character.codePointAt(0)!;
  const known = NAMES[code];
  if (known) return { short: known[0], name: known[1] };
  if (code >= 0xe0020 && code <= 0xe007e) {
    const letter = String.fromCodePoint(code - 0xe0000);
    return { short: "TAG", name: `tag character for “${letter}”` };
  }
  const short = codeOf(character);
  if (code >= 0xd800 && code <= 0xdfff) return { short, name: "half of a broken character" };
  if (/\p{Cc}/u.test(character)) return { short, name: "control character" };
  if (/\p{Co}/u.test(character)) return { short, name: "private use character" };
  if (/\p{Cn}/u.test(character)) return { short, name: "unassigned character" };
  if (/\p{Zs}/u.test(character)) return { short, name: "unusual space" };
  if (/\p{Variation_Selector}/u.test(character)) return { short, name: "variation selector" };
  if (/\p{M}/u.test(character)) return { short, name: "stacked combining mark" };
  return { short, name: "invisible character" };
}

/** The script of a letter, as far as it matters for telling look-alikes apart. */
export function scriptOf(letter: string): string {
  for (const [script, pattern] of SCRIPTS) if (pattern.test(letter)) return script;
  return "other";
}

const SCRIPTS: ReadonlyArray<readonly [string, RegExp]> = [
  ["Latin", /\p{Script=Latin}/u],
  ["Cyrillic", /\p{Script=Cyrillic}/u],
  ["Greek", /\p{Script=Greek}/u],
  ["Armenian", /\p{Script=Armenian}/u],
  ["Cherokee", /\p{Script=Cherokee}/u],
];
