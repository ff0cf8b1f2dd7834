import { ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Where } from "@/shared/overlay/Sheet";
import css from "./Plan.module.css";

type Place = {
  environment: string;
  guard?: boolean;
  cluster?: string;
  namespace?: string;
  account?: string;
};

/** Environment, cluster with its context, namespace and account: always left of the buttons. */
export function WhereItActs({
  place,
  context,
  groups = [],
  confirmed = true,
}: {
  place: Place;
  context?: string;
  groups?: readonly string[];
  /** The API server said who it is; else it is what the kubeconfig says. */
  confirmed?: boolean;
}) {
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
    const other = context && context !== place.cluster ? context : null;
    facts.push({ label: m.rollback_cluster(), value: <Named name={place.cluster} more={other} /> });
  }
  if (place.namespace) facts.push({ label: m.rollback_namespace(), value: place.namespace });
  if (place.account !== undefined) {
    const known = groups.filter((group) => !group.startsWith("system:"));
    const more = confirmed ? known[0] : m.rollback_account_kubeconfig();
    facts.push({
      label: m.rollback_account(),
      value: <Named name={place.account || m.rollback_account_unknown()} more={more ?? null} />,
    });
  }
  return <Where facts={facts} />;
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
