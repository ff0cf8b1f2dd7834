import type { QueryClient } from "@tanstack/react-query";
import { type AppState, type Command, listen, type Tasks } from "@/ipc";
import { keyOf } from "@/ipc/query";

/** Replies that the timeline's data goes into. */
const FROM_TIMELINE: readonly Command[] = [
  "deployment_details",
  "matrix",
  "search",
  "versions",
  "cluster_object",
  "compare",
];

/** Replies that are of one workspace alone. */
const OF_WORKSPACE: readonly Command[] = [
  ...FROM_TIMELINE,
  "note_list",
  "note_get",
  "operation_list",
  "workspace_draft",
  "view_get",
  "moved_tags",
];

/** Where the timeline's columns are kept, by period: they come as one binary reply, not by a command. */
export const TIMELINE_COLUMNS = ["timeline"] as const;

/** Where the newest `timeline_changed` is kept, for the status bar and the timeline. */
export const TIMELINE_CHANGED = ["timeline_changed"] as const;

/** Lets the backend's events into what the window knows; ends with the returned function. */
export function followEvents(client: QueryClient): () => void {
  const stale = (names: readonly Command[]) => {
    for (const name of names) void client.invalidateQueries({ queryKey: keyOf(name) });
    if (names.includes("deployment_details")) {
      void client.invalidateQueries({ queryKey: TIMELINE_COLUMNS });
    }
  };
  const appKey = keyOf("app_state", null);
  const stops = [
    listen("app_changed", (next) => {
      const before = client.getQueryData<AppState>(appKey);
      client.setQueryData(appKey, next);
      if (before?.workspace?.path !== next.workspace?.path || before?.demo !== next.demo) {
        stale(OF_WORKSPACE);
      } else if (before?.workspace?.readOnly !== next.workspace?.readOnly) {
        stale(["deployment_details"]);
      }
    }),
    listen("connections", ({ connections }) => {
      client.setQueryData<AppState>(appKey, (state) => state && { ...state, connections });
    }),
    listen("tags_moved", (moved) => {
      client.setQueryData(keyOf("moved_tags", null), moved);
    }),
    listen("tasks", (next) => {
      client.setQueryData<Tasks>(keyOf("task_list", null), (known) =>
        known && known.sequence > next.sequence ? known : next,
      );
    }),
    listen("timeline_changed", (change) => {
      client.setQueryData(TIMELINE_CHANGED, change);
      stale(FROM_TIMELINE);
    }),
    listen("operation", (operation) => {
      client.setQueryData(keyOf("operation_get", { id: operation.id }), operation);
      stale(["operation_list"]);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
