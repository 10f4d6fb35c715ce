// Shows a text from outside: hidden characters by name, look-alikes marked, long middles folded.
import { useState } from "react";
import { codeOf } from "../format/characters.ts";
import { reveal, slice, type Piece, type Reading } from "../format/reveal.ts";
import { texts } from "../texts.ts";

const LONG = 600; // characters that are shown without folding
const HEAD = 380;
const TAIL = 180; // what was appended to a long text must not hide at its end

/** `foldable: false` where a button cannot stand, as inside a link: the middle stays away. */
export function Revealed(props: { text: string; reading?: Reading; foldable?: boolean }) {
  const { text, reading = "value", foldable = true } = props;
  const [all, setAll] = useState(false);
  if (text === "") return <em className="absent">{texts.reveal.empty}</em>;
  const { pieces } = reveal(text, reading);
  const length = text.length <= LONG ? text.length : [...text].length;
  if (length <= LONG) return <Pieces pieces={pieces} reading={reading} />;
  return (
    <>
      {all ? (
        <Pieces pieces={pieces} reading={reading} />
      ) : (
        <>
          <Pieces pieces={slice(pieces, 0, HEAD)} reading={reading} />
          <span className="omitted">{texts.reveal.omitted(length - HEAD - TAIL)}</span>
          <Pieces pieces={slice(pieces, length - TAIL, length)} reading={reading} />
        </>
      )}
      {foldable && (
        <button type="button" className="link fold" onClick={() => setAll(!all)}>
          {all ? texts.reveal.less : texts.reveal.all(length)}
        </button>
      )}
    </>
  );
}

function Pieces({ pieces, reading }: { pieces: ReadonlyArray<Piece>; reading: Reading }) {
  return (
    <bdi className={reading === "prose" ? "prose" : "exact"}>
      {pieces.map((piece, index) =>
        piece.kind === "text" ? piece.text : <Mark key={index} piece={piece} />,
      )}
    </bdi>
  );
}

function Mark({ piece }: { piece: Extract<Piece, { kind: "mark" }> }) {
  const lookalike = piece.deceit === "lookalike";
  const say = lookalike ? texts.reveal.lookalike : texts.reveal.hidden;
  return (
    <span
      className={lookalike ? "mark lookalike" : "mark"}
      data-character={codeOf(piece.character)}
      title={piece.name}
    >
      <span aria-hidden="true">{piece.label}</span>
      <span className="sr-only">{say(piece.name)}</span>
    </span>
  );
}

/** One line under a text that says in words what was marked in it; nothing when all is plain. */
export function Findings({ text, reading = "value" }: { text: string; reading?: Reading }) {
  const { pieces, rightToLeft } = reveal(text, reading);
  const names = new Set(pieces.flatMap((it) => (it.kind === "mark" ? [it.name] : [])));
  if (names.size === 0 && !rightToLeft) return null;
  const shown = [...names].slice(0, 5).join(", ") + (names.size > 5 ? ", …" : "");
  return (
    <p className="findings">
      {names.size > 0 && texts.reveal.found(shown)}
      {names.size > 0 && rightToLeft && " "}
      {rightToLeft && texts.reveal.rightToLeft}
    </p>
  );
}
