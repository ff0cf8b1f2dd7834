import type { Plan } from "@/ipc";
import { sentenceOf } from "@/shared/operation/sentence";
import css from "./Plan.module.css";

/** The plan as one sentence; what happens and what does not come back stand out. */
export function Sentence({ plan }: { plan: Plan }) {
  return (
    <p className={css.sentence}>
      {sentenceOf(plan).map((part) =>
        part.strong ? <b key={part.text}>{part.text}</b> : <span key={part.text}>{part.text}</span>,
      )}
    </p>
  );
}
