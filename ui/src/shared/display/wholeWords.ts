import { Change, presentableDiff } from "@codemirror/merge";

/** What stands together in a manifest: a name, a number, a version. */
const WORD = /[\p{L}\p{N}_.-]/u;

/** The library's own bound, beyond which it looks less closely. */
const SCAN = 500;

/** What differs in two texts, never less than a word: "2000" and "800" have two zeros in common, and nothing to say by it. */
export function wholeWords(a: string, b: string): readonly Change[] {
  return joined(presentableDiff(a, b, { scanLimit: SCAN }).map((change) => widened(change, a, b)));
}

/** A change that begins or ends inside a word takes in the rest of it; around a change both texts are the same. */
function widened(change: Change, a: string, b: string): Change {
  let { fromA, toA, fromB, toB } = change;
  const inWord = (text: string, at: number) => WORD.test(text.charAt(at));
  const startsInWord = (toA > fromA && inWord(a, fromA)) || (toB > fromB && inWord(b, fromB));
  while (startsInWord && same(a, fromA - 1, b, fromB - 1) && inWord(a, fromA - 1)) {
    fromA -= 1;
    fromB -= 1;
  }
  const endsInWord = (toA > fromA && inWord(a, toA - 1)) || (toB > fromB && inWord(b, toB - 1));
  while (endsInWord && same(a, toA, b, toB) && inWord(a, toA)) {
    toA += 1;
    toB += 1;
  }
  return new Change(fromA, toA, fromB, toB);
}

function same(a: string, atA: number, b: string, atB: number): boolean {
  return atA >= 0 && atB >= 0 && atA < a.length && atB < b.length && a[atA] === b[atB];
}

/** Changes of one word are one change. */
function joined(changes: readonly Change[]): Change[] {
  const result: Change[] = [];
  for (const change of changes) {
    const last = result.at(-1);
    if (last && (change.fromA <= last.toA || change.fromB <= last.toB)) {
      result.pop();
      result.push(
        new Change(
          Math.min(last.fromA, change.fromA),
          Math.max(last.toA, change.toA),
          Math.min(last.fromB, change.fromB),
          Math.max(last.toB, change.toB),
        ),
      );
    } else result.push(change);
  }
  return result;
}
