import {
  CalendarX,
  Database,
  FileText,
  GitBranch,
  type LucideIcon,
  Settings2,
  UserCog,
} from "lucide-react";
import type { Operation, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { LinkButton } from "@/shared/controls/Button";
import { Breaks } from "@/shared/display/Breaks";
import { Icon } from "@/shared/display/Icon";
import { useNavigation } from "@/shared/navigation/navigation";
import { operationCourse } from "@/shared/operation/course";
import { goesForward } from "@/shared/operation/direction";
import { endUnknown } from "@/shared/operation/outcomes";
import css from "./Operation.module.css";

type OpenItem = {
  key: string;
  icon: LucideIcon;
  title: string;
  text: string;
  link?: { label: string; run: () => void };
};

/** The version that went bad, whose note tells of it: the one that was left, or the one that was tried and failed. */
export function notedVersion(operation: Operation): string {
  const { state, verdict, fromVersion, toVersion } = operation;
  const wentBad = verdict === "bad" || (state === "failed" && !endUnknown(operation));
  return wentBad ? toVersion : fromVersion;
}

/** What the rollback did not mend, from the plan where it is known and from the steps in any case. */
export function openItems(
  operation: Operation,
  plan: Plan | null,
  go: ReturnType<typeof useNavigation>["go"],
): OpenItem[] {
  if (operation.state !== "verified" && operation.sentAt === null) return [];
  const { service, environment, fromVersion, toVersion } = operation;
  const items: OpenItem[] = [];
  // What deploys it names a version: it still says this one where the version stays.
  const leftVersion = operationCourse(operation) !== "configuration";
  if (operation.state === "verified" && operation.undoOf === null && leftVersion) {
    items.push({
      key: "source",
      icon: GitBranch,
      title: m.rollback_open_source({ service, version: fromVersion }),
      text: m.rollback_open_source_text(),
    });
  }
  for (const stay of plan?.stays ?? []) {
    if (stay.kind === "configuration") {
      items.push({
        key: `configuration/${stay.subject}`,
        icon: Settings2,
        title: stay.subject,
        text: m.rollback_open_configuration_text({ version: toVersion }),
        link: {
          label: m.rollback_compare_link(),
          run: () =>
            go({
              name: "compare",
              service,
              left: { kind: "version", version: toVersion },
              right: { kind: "environment", environment },
            }),
        },
      });
    }
    if (stay.kind === "database" && plan && !goesForward(plan)) {
      items.push({
        key: "database",
        icon: Database,
        title: m.rollback_open_database(),
        text: m.rollback_open_database_text({ files: stay.facts.files ?? "" }),
      });
    }
  }
  for (const finding of plan?.findings ?? []) {
    if (finding.code !== "apply-manager" || finding.result !== "warn") continue;
    items.push({
      key: finding.key,
      icon: UserCog,
      title: m.rollback_open_apply({ manager: finding.facts.manager ?? "" }),
      text: m.rollback_open_apply_text({ version: toVersion }),
    });
  }
  items.push(...fromSteps(operation));
  items.push({
    key: "note",
    icon: FileText,
    title: m.rollback_open_note(),
    text: m.rollback_open_note_text({ version: notedVersion(operation) }),
    link: {
      label: m.rollback_open_link(),
      run: () => go({ name: "notes", service, version: notedVersion(operation) }),
    },
  });
  return items;
}

function fromSteps({ steps }: Operation): OpenItem[] {
  return steps.flatMap((step): OpenItem[] => {
    if (step.kind === "manager-dropped" && step.facts.dropped === "no") {
      return [
        {
          key: "manager",
          icon: UserCog,
          title: m.rollback_open_manager(),
          text: step.facts.appliers
            ? m.rollback_open_manager_text({ appliers: step.facts.appliers })
            : m.rollback_open_manager_any(),
        },
      ];
    }
    if (step.kind === "traced" && step.facts.written === "no") {
      return [
        {
          key: "event",
          icon: CalendarX,
          title: m.rollback_open_event(),
          text: m.rollback_open_event_text({ reason: step.facts.reason ?? "" }),
        },
      ];
    }
    return [];
  });
}

export function StillOpen({ operation, plan }: { operation: Operation; plan: Plan | null }) {
  const { go } = useNavigation();
  const items = openItems(operation, plan, go);
  return (
    <section>
      <h3>{m.rollback_open()}</h3>
      {items.length === 0 && <p className="small muted">{m.rollback_open_nothing()}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.key} className={css.openItem}>
            <span className={`muted ${css.openIcon}`}>
              <Icon of={item.icon} size="s" />
            </span>
            <div className="grow selectable">
              <div className="b5">{item.title}</div>
              <div className="small muted">
                <Breaks text={item.text} />
              </div>
            </div>
            {item.link && <LinkButton onPress={item.link.run}>{item.link.label}</LinkButton>}
          </li>
        ))}
      </ul>
    </section>
  );
}
