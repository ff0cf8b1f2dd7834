import { ChevronDown, ExternalLink, FileText, GitCompare, Undo2 } from "lucide-react";
import type { DeploymentDetails } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button, IconButton, LinkButton } from "@/shared/controls/Button";
import { Kbd } from "@/shared/display/Kbd";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { type Action, useActions } from "@/shared/keys/actions";
import { useNavigation } from "@/shared/navigation/navigation";
import type { Lane } from "@/shared/navigation/route";
import { useSelection } from "@/shared/navigation/selection";
import { candidateHint } from "@/shared/operation/candidate";
import { comparison } from "@/shared/operation/comparison";
import { leadsBack, offeredRollback } from "@/shared/operation/offered";
import { MenuItem, MenuList, MenuTrigger } from "@/shared/overlay/Menu";
import { useNow } from "@/shared/time/clock";
import { useZone } from "@/shared/time/zone";
import css from "./Inspector.module.css";
import { againWords, offerWords, runningWords } from "./words";

/** A key means what is selected; it means the inspector's deployment only while that is the same. */
function useOwnKeys(): boolean {
  const { selected, pinned } = useSelection();
  return !pinned || !selected || pinned.deployment === selected.deployment;
}

const laneOf = ({ service, environment }: DeploymentDetails): Lane => ({ service, environment });

/** Of what runs, the way back; of an earlier one what runs instead, and itself. */
export function Offer({ details }: { details: DeploymentDetails }) {
  return details.running && !leadsBack(details) ? (
    <Again details={details} running={details.running} />
  ) : (
    <WayBack details={details} />
  );
}

/** The rollback that is offered, by button, by key and by palette: all of them open the same. */
function useOffered(details: DeploymentDetails, title: string, why: string) {
  const { open } = useNavigation();
  const hasKeys = useOwnKeys();
  const offered = offeredRollback(details);
  const isOff = offered === null;
  const run = () => {
    if (offered) open(offered);
  };
  useActions([
    {
      id: "inspector.rollback",
      title,
      group: "selection",
      icon: Undo2,
      ...(hasKeys && { keys: ["r"] }),
      off: isOff ? why : undefined,
      run,
    },
  ]);
  return { hasKeys, isOff, run };
}

/** It has ended: what runs now comes first; to this version leads a plan of its own. */
function Again({
  details,
  running,
}: {
  details: DeploymentDetails;
  running: NonNullable<DeploymentDetails["running"]>;
}) {
  const { inspected, pinned, pin, select } = useSelection();
  const zone = useZone();
  const now = useNow();
  const { rollback } = details;
  const how = againWords(details);
  const lane = laneOf(details);
  // The same version ran there with another configuration: that is what comes back.
  const words =
    running.version === details.version
      ? m.inspector_go_back_configuration()
      : m.inspector_go_back_here();
  const title = `${words}: ${details.service} ${details.version}, ${details.environment}`;
  const { hasKeys, isOff, run } = useOffered(details, title, how.text);
  const show = () => {
    const next = { deployment: running.deployment, lane };
    if (pinned && pinned === inspected) pin(next);
    else select(next);
  };
  return (
    <>
      <p className={`b5 ${css.offerWhy}`}>
        {runningWords(running, zone, now, details.stillServes)}{" "}
        <LinkButton onPress={show}>{m.inspector_show_running()}</LinkButton>
      </p>
      {rollback.off !== "runs-now" && (
        <div className={css.offer}>
          <div className="grow">
            <Button
              variant="secondary"
              icon={Undo2}
              wide
              trailing={hasKeys && <Kbd of="R" />}
              isDisabled={isOff}
              {...(hasKeys && { "aria-keyshortcuts": "R" })}
              onPress={run}
            >
              {words}
            </Button>
          </div>
        </div>
      )}
      <p className={`small muted ${css.offerWhy}`}>
        <StatusGlyph kind={how.kind} />
        <span>{how.text}</span>
      </p>
    </>
  );
}

/** The answer: the one primary button, why that version, and the other ones. */
function WayBack({ details }: { details: DeploymentDetails }) {
  const { rollback } = details;
  const words = offerWords(rollback);
  const title =
    rollback.version === null
      ? m.inspector_roll_back_plain()
      : m.inspector_roll_back({ version: rollback.version });
  const { hasKeys, isOff, run } = useOffered(
    details,
    `${title}: ${details.service}, ${details.environment}`,
    words.text,
  );
  return (
    <>
      <div className={css.offer}>
        <div className="grow">
          <Button
            variant="primary"
            size="big"
            icon={Undo2}
            wide
            trailing={hasKeys && <Kbd of="R" />}
            isDisabled={isOff}
            {...(hasKeys && { "aria-keyshortcuts": "R" })}
            onPress={run}
          >
            {title}
          </Button>
        </div>
        {!isOff && rollback.targets.length > 0 && <OtherTargets details={details} />}
      </div>
      <p className={`small muted ${css.offerWhy}`}>
        <StatusGlyph kind={words.kind} />
        <span>{words.text}</span>
      </p>
    </>
  );
}

function OtherTargets({ details }: { details: DeploymentDetails }) {
  const { open } = useNavigation();
  const zone = useZone();
  const now = useNow();
  return (
    <MenuTrigger>
      <span className={css.others}>
        <IconButton icon={ChevronDown} variant="secondary" label={m.inspector_targets()} />
      </span>
      <MenuList label={m.inspector_targets()} placement="bottom end">
        {details.rollback.targets.map((one) => (
          <MenuItem
            key={one.deployment}
            id={String(one.deployment)}
            label={m.inspector_roll_back({ version: one.version })}
            hint={candidateHint(one, zone, now)}
            onAction={() =>
              open({
                name: "rollback",
                lane: laneOf(details),
                target: { deployment: one.deployment },
              })
            }
          />
        ))}
      </MenuList>
    </MenuTrigger>
  );
}

/** Compare, notes, the cluster's own view. */
export function Ways({ details }: { details: DeploymentDetails }) {
  const { go, open } = useNavigation();
  const { partner } = useSelection();
  const hasKeys = useOwnKeys();
  const { service, version } = details;
  const compare = () => go(comparison(details, partner?.deployment));
  const notes = () => go({ name: "notes", service, version });
  const cluster = () =>
    open({
      name: "cluster",
      lane: laneOf(details),
      ...(details.workloads.length > 0 && { deployment: details.id }),
    });
  const common = { group: "selection" } as const;
  useActions([
    {
      id: "inspector.compare",
      title: m.inspector_compare(),
      icon: GitCompare,
      ...(hasKeys && { keys: ["c"] }),
      run: compare,
      ...common,
    },
    {
      id: "inspector.note",
      title: m.inspector_notes(),
      icon: FileText,
      ...(hasKeys && { keys: ["n"] }),
      run: notes,
      ...common,
    },
    {
      id: "inspector.cluster",
      title: m.inspector_open_cluster(),
      icon: ExternalLink,
      run: cluster,
      ...common,
    },
  ] satisfies Action[]);
  return (
    <div className={css.ways}>
      <Button icon={GitCompare} onPress={compare}>
        {m.inspector_compare()}
      </Button>
      <Button icon={FileText} onPress={notes}>
        {m.inspector_notes()}
      </Button>
      <Button icon={ExternalLink} onPress={cluster}>
        {m.inspector_open_cluster()}
      </Button>
    </div>
  );
}
