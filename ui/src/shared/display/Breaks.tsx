import { Fragment } from "react";

/** A word shorter than this is never broken: a version stays whole. */
const LONG = 14;

/** Behind these, and before a capital, a long name may go on in the next line. */
const BREAKS = /(?<=[/_.:,@=])(?=[^/_.:,@=\s])|(?<=\p{Ll})(?=\p{Lu})/u;

/** The places at which long names may be broken, as pieces. */
export function breaks(text: string): string[] {
  return text
    .split(/(\s+)/)
    .flatMap((word) => (word.length < LONG ? [word] : word.split(BREAKS)))
    .filter((piece) => piece !== "");
}

/** A text whose long names break where a reader expects it, and nowhere else: "ImagePull BackOff", "migrations/ 2026_ …". */
export function Breaks({ text }: { text: string }) {
  return breaks(text).map((piece, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {piece}
    </Fragment>
  ));
}
