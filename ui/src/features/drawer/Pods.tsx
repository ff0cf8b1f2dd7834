import type { ClusterObject, Pod } from "@/ipc";
import { m } from "@/paraglide/messages";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import { useNow } from "@/shared/time/clock";
import { formatDuration } from "@/shared/time/format";
import css from "./Drawer.module.css";

const GLYPH: Record<Pod["state"], StatusKind> = {
  ready: "ok",
  starting: "progress",
  waiting: "failed",
  failed: "failed",
  ending: "unknown",
  succeeded: "unknown",
};

function stateWord(state: Pod["state"]): string {
  switch (state) {
    case "ready":
      return m.drawer_state_ready();
    case "starting":
      return m.drawer_state_starting();
    case "waiting":
      return m.drawer_state_waiting();
    case "failed":
      return m.drawer_state_failed();
    case "ending":
      return m.drawer_state_ending();
    case "succeeded":
      return m.drawer_state_succeeded();
  }
}

/** Every pod, those that fail first, each with the cluster's own reason. */
export function Pods({ object }: { object: ClusterObject }) {
  const now = useNow();
  if (object.pods.length === 0) {
    return (
      <div className={css.nothing}>
        <h3>{m.drawer_no_pods()}</h3>
        <p className="small muted">{m.drawer_no_pods_text({ replicas: object.replicas })}</p>
      </div>
    );
  }
  const bad = (pod: Pod) => (pod.state === "failed" || pod.state === "waiting" ? 0 : 1);
  const pods = [...object.pods].sort((a, b) => bad(a) - bad(b));
  return (
    <table className={css.table}>
      <thead className="label">
        <tr>
          <th scope="col">{m.drawer_pod()}</th>
          <th scope="col">{m.drawer_version()}</th>
          <th scope="col">{m.drawer_state()}</th>
          <th scope="col" className={css.end}>
            {m.drawer_restarts()}
          </th>
          <th scope="col">{m.drawer_node()}</th>
          <th scope="col" className={css.end}>
            {m.drawer_age()}
          </th>
        </tr>
      </thead>
      <tbody>
        {pods.map((pod) => (
          <tr key={pod.name}>
            <th scope="row" className="mono small selectable">
              {pod.name}
            </th>
            <td className="mono small nowrap">{pod.version}</td>
            <td>
              <span className={css.state}>
                <StatusGlyph kind={GLYPH[pod.state]} />
                <span>
                  <span className="b5">{pod.reason ?? stateWord(pod.state)}</span>
                  {pod.message && <span className={`small muted ${css.why}`}>{pod.message}</span>}
                </span>
              </span>
            </td>
            <td className={`num ${css.end}`}>{pod.restarts}</td>
            <td className="small muted nowrap">{pod.node}</td>
            <td className={`small muted nowrap ${css.end}`}>
              {pod.startedAt !== null && formatDuration(now - pod.startedAt)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
