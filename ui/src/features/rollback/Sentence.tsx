import type { Plan } from "@/ipc";
import { sentenceOf } from "@/shared/operation/sentence";
import css from "./Plan.module.css";

/** The plan as one sentence; what happens and what does not come back stand out. */
export function Sentence({ plan }: { plan: Plan }) {
  const versions = [plan.from.version, plan.to.version];
  return (
    <p className={css.sentence}>
      {sentenceOf(plan).map((part) =>
        part.strong ? (
          <b key={part.text}>
            <Versions text={part.text} versions={versions} />
          </b>
        ) : (
          <span key={part.text}>{part.text}</span>
        ),
      )}
    </p>
  );
}

/** A version gets figures of one width, or "2.4.1 back" closes up; a name must not, its hyphen widens. */
function Versions({ text, versions }: { text: string; versions: readonly string[] }) {
  const words = text.split(" ");
  return words.map((word, at) => {
    const last = at === words.length - 1;
    const isVersion = versions.some((version) => word.startsWith(version));
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: words have no identity but their place.
      <span key={at} {...(isVersion && { className: "num" })}>
        {word}
        {!last && " "}
      </span>
    );
  });
}
