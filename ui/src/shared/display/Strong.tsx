/** A sentence in which some words stand out: a count, a version, a name. */
export function Strong({ text, words }: { text: string; words: readonly string[] }) {
  const pattern = words
    .filter(Boolean)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|");
  if (pattern === "") return <>{text}</>;
  let at = 0;
  const parts = text.split(new RegExp(`(${pattern})`, "g")).filter((part) => part !== "");
  return parts.map((part) => {
    const key = at;
    at += part.length;
    return words.includes(part) ? <b key={key}>{part}</b> : <span key={key}>{part}</span>;
  });
}
