import { ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Where } from "@/shared/overlay/Sheet";
import css from "./Plan.module.css";

type Place = {
  environment: string;
  guard?: boolean;
  cluster?: string;
  context?: string;
  namespace?: string;
  account?: string;
};

/**
 * Environment, cluster with its context, namespace and account: always left of the buttons. The plan says as a member
 * of what.
 */
export function WhereItActs({ place, plan }: { place: Place; plan: Plan | null }) {
  const facts: { label: string; value: ReactNode }[] = [
    {
      label: m.rollback_environment(),
      value: (
        <>
          {place.guard && <Icon of={ShieldCheck} size="s" className={`c-warn ${css.shield}`} />}
          {place.environment}
        </>
      ),
    },
  ];
  if (place.cluster) {
    const context = place.context ?? plan?.context;
    const other = context && context !== place.cluster ? context : null;
    facts.push({ label: m.rollback_cluster(), value: <Named name={place.cluster} more={other} /> });
  }
  if (place.namespace) facts.push({ label: m.rollback_namespace(), value: place.namespace });
  if (place.account !== undefined) {
    facts.push({
      label: m.rollback_account(),
      value: <Named name={place.account || m.rollback_account_unknown()} more={memberOf(plan)} />,
    });
  }
  return <Where facts={facts} />;
}

/** Its first own group; where the API server did not say who it is, that the kubeconfig says so. */
function memberOf(plan: Plan | null): string | null {
  if (!plan) return null;
  if (!plan.accountConfirmed) return m.rollback_account_kubeconfig();
  return plan.groups.find((group) => !group.startsWith("system:")) ?? null;
}

function Named({ name, more }: { name: string; more: string | null }) {
  return more ? (
    <>
      {name} <span className={css.more2}>({more})</span>
    </>
  ) : (
    name
  );
}
