import { describe, expect, test } from "vitest";
import { deceives, reveal, slice, type Piece } from "./reveal.ts";

const shown = (pieces: ReadonlyArray<Piece>) =>
  pieces.map((it) => (it.kind === "text" ? it.text : `[${it.label}]`)).join("");

describe("a text without deceit stays one piece", () => {
  for (const text of [
    "Order 8812 arrived broken.",
    "Zürich, Łódź, São Paulo, crème brûlée",
    "заказ не пришёл, верните деньги", // wholly Cyrillic: an ordinary Russian sentence
    "返金してください",
    "สวัสดีครับ",
    "thanks 👍🏽 👩‍👩‍👧 ❤️",
    "",
  ]) {
    test(JSON.stringify(text), () => {
      expect(reveal(text).pieces).toEqual(text ? [{ kind: "text", text }] : []);
    });
  }
});

describe("what cannot be seen is named", () => {
  test.each([
    ["zero width space", "acc\u200bount", "acc[ZWSP]ount"],
    ["soft hyphen", "re\u00adfund", "re[SHY]fund"],
    ["right-to-left override", "\u202egpj.exe", "[RLO]gpj.exe"],
    ["isolates", "\u2066a\u2069", "[LRI]a[PDI]"],
    ["null and escape", "a\u0000b\u001b[0m", "a[NUL]b[ESC][0m"],
    ["line feed in a value, and the line still breaks", "a\nb", "a[LF]\nb"],
    ["no-break space", "EUR\u00a0480", "EUR[NBSP]480"],
    ["leading and trailing space", " a ", "[SP]a[SP]"],
    ["double space", "a  b", "a[SP][SP]b"],
    ["tag characters that spell a message", "a\u{e0041}", "a[TAG]"],
    ["private use", "\ue000", "[U+E000]"],
    ["half of a broken character", "a\ud800b", "a[U+D800]b"],
    ["Hangul filler", "a\u3164", "a[HF]"],
    ["joiner outside an emoji", "a\u200db", "a[ZWJ]b"],
    ["variation selector on a letter", "a\ufe0f", "a[U+FE0F]"],
  ])("%s", (_name, text, expected) => {
    expect(shown(reveal(text).pieces)).toBe(expected);
  });

  test("the name says the code point and what it does", () => {
    expect(reveal("\u202e").pieces[0]).toMatchObject({
      deceit: "direction",
      name: "U+202E right-to-left override",
    });
  });

  test("a tag character is named with the letter that it hides", () => {
    const [tag] = reveal("\u{e0041}").pieces;
    expect(tag).toMatchObject({ name: "U+E0041 tag character for “A”" });
  });

  test("only marks beyond the third are named", () => {
    expect(shown(reveal("e\u0301\u0302\u0303\u0304\u0305").pieces)).toBe(
      "e\u0301\u0302\u0303[U+0304][U+0305]",
    );
  });
});

describe("letters that pass for others are marked", () => {
  test.each([
    ["Cyrillic a in a Latin word", "p\u0430ypal", "p[а]ypal"],
    [
      "a word made wholly of confusable letters",
      "pay to \u0441\u043e\u0440\u0430 now",
      "pay to [с][о][р][а] now",
    ],
    ["fullwidth digits", "\uff11\uff12", "[１][２]"],
    ["Arabic digits", "\u0664\u0668", "[٤][٨]"],
    ["division slash", "a\u2215b", "a[∕]b"],
  ])("%s", (_name, text, expected) => {
    expect(shown(reveal(text).pieces)).toBe(expected);
  });
});

test("a part of a text keeps its marks and gains none at the cut", () => {
  const { pieces } = reveal("ab cd\u200bef gh");
  expect(shown(slice(pieces, 0, 3))).toBe("ab ");
  expect(shown(slice(pieces, 3, 7))).toBe("cd[ZWSP]e");
  expect(shown(slice(pieces, 0, 99))).toBe("ab cd[ZWSP]ef gh");
  expect(slice(pieces, 4, 4)).toEqual([]);
});

describe("prose", () => {
  test("line breaks and runs of spaces are ordinary", () => {
    expect(deceives("Hello,\n\n  I want  my money back. ", "prose")).toBe(false);
  });
  test("a direction override is not", () => {
    expect(deceives("ok \u202e", "prose")).toBe(true);
  });
  test("right-to-left writing is reported", () => {
    expect(reveal("استرداد", "prose").rightToLeft).toBe(true);
    expect(reveal("refund", "prose").rightToLeft).toBe(false);
  });
});
