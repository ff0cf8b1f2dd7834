import { useEffect, useRef, useState } from "react";

/** Live messages come at most so often, in milliseconds (design, "Accessible"). */
export const LEAST_APART = 2000;

/** Says politely what is the case now: the first at once, then the newest at most once in two seconds. */
export function Live({ words }: { words: string }) {
  const [said, setSaid] = useState(words);
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const wait = Math.max(0, last.current + LEAST_APART - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSaid(words);
    }, wait);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <span role="status" className="visually-hidden">
      {said}
    </span>
  );
}
