type Versioned = { version: string };

/** The three numbers of a SemVer version, with or without its v. */
const NUMBERS = /^v?(\d+)\.(\d+)\.(\d+)/;

/** It goes to a higher version, as most undos do. What cannot be compared does not count as that. */
export function goesForward({ from, to }: { from: Versioned; to: Versioned }): boolean {
  const [before, after] = [NUMBERS.exec(from.version), NUMBERS.exec(to.version)];
  if (!before || !after) return false;
  const differing = [1, 2, 3].find((at) => Number(before[at]) !== Number(after[at]));
  return differing !== undefined && Number(after[differing]) > Number(before[differing]);
}
