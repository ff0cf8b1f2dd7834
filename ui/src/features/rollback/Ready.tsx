import type { Plan } from "@/ipc";
import { Checks } from "./Checks";
import { ExactChange } from "./ExactChange";
import css from "./Plan.module.css";
import { Stays } from "./Stays";
import type { Answers } from "./usePlan";

/** The checks and the exact change at the left, what does not come back at the right. */
export function Ready({
  plan,
  answers,
  onAgain,
}: {
  plan: Plan;
  answers: Answers;
  onAgain: () => void;
}) {
  return (
    <div className={css.columns}>
      <div className={css.left}>
        <Checks plan={plan} answers={answers} onAgain={onAgain} />
        <ExactChange plan={plan} />
        <div className={css.fade} />
      </div>
      <div className={css.right}>
        <Stays plan={plan} />
      </div>
    </div>
  );
}
