import type { Operation, Pod } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Breaks } from "@/shared/display/Breaks";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { isRunning } from "@/shared/operation/outcomes";
import { podName, podStateWord, shortPod } from "@/shared/operation/pods";
import css from "./Operation.module.css";

/** A tile for each pod; one that hangs says why. */
export function Pods({ operation }: { operation: Operation }) {
  const { pods, desired, toVersion, fromVersion } = operation;
  const none = isRunning(operation) && desired > 0 ? m.rollback_pods_looking : m.rollback_pods_none;
  return (
    <section aria-label={m.rollback_pods()}>
      <div className={css.podsHead}>
        <h3 className="grow">{m.rollback_pods()}</h3>
        <Legend tone={css.own} label={toVersion} />
        <Legend tone={css.starting} label={m.rollback_pod_starting()} />
        {fromVersion !== toVersion && <Legend tone={css.old} label={fromVersion} />}
      </div>
      {pods.length === 0 && <p className="small muted">{none()}</p>}
      <ul className={css.tiles}>
        {pods.map((pod) => (
          <Tile key={pod.name} pod={pod} own={pod.version === toVersion} />
        ))}
      </ul>
    </section>
  );
}

function Legend({ tone, label }: { tone: string | undefined; label: string }) {
  return (
    <span className={`small muted ${css.legend}`}>
      <i className={tone} />
      {label}
    </span>
  );
}

function toneOf(pod: Pod, own: boolean): string | undefined {
  if (pod.state === "failed" || pod.state === "waiting") return css.tileBad;
  if (pod.state === "ending" || pod.state === "succeeded") return css.tileEnding;
  if (pod.state === "starting") return css.tileStarting;
  return own ? css.tileOwn : css.tileOld;
}

function Tile({ pod, own }: { pod: Pod; own: boolean }) {
  const settled = pod.state === "ready";
  return (
    <li className={`mono ${css.tile} ${toneOf(pod, own)}`}>
      <span className="visually-hidden">{podName(pod)}</span>
      <span aria-hidden="true" className={css.tileTop}>
        <b className={settled && !own ? "b5" : "b6"}>
          {settled ? pod.version : podStateWord(pod.state)}
        </b>
        {settled && <StatusGlyph kind="ok" quiet={!own} />}
        {(pod.state === "failed" || pod.state === "waiting") && <StatusGlyph kind="failed" />}
      </span>
      <span aria-hidden="true" className={css.tileName}>
        {shortPod(pod.name)}
      </span>
      {pod.reason && (
        <span aria-hidden="true" className={css.tileWhy}>
          <Breaks text={pod.reason} />
        </span>
      )}
    </li>
  );
}
