import { X } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { Task } from "@/ipc";
import { useRead, useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { IconButton } from "@/shared/controls/Button";
import { Progress, Spinner } from "@/shared/display/Progress";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { errorWords } from "@/shared/errors/words";
import { PopoverTrigger } from "@/shared/overlay/Menu";
import { formatCount } from "@/shared/time/format";
import css from "./TaskTray.module.css";

const SHOWN = 8;

function isActive(task: Task): boolean {
  return task.state === "queued" || task.state === "running";
}

/** Long work that goes on, in the status bar; each task with its progress and a way to stop it. */
export function TaskTray() {
  const { data } = useRead("task_list", null);
  const tasks = data?.tasks ?? [];
  const active = tasks.filter(isActive);
  const shown = [...active, ...tasks.filter((task) => !isActive(task)).reverse()].slice(0, SHOWN);
  if (shown.length === 0) return null;
  return (
    <PopoverTrigger
      label={m.shell_tasks_title()}
      placement="top start"
      width={380}
      trigger={
        <AriaButton className={css.tray ?? ""}>
          {active.length > 0 && <Spinner size={12} />}
          {active.length > 0 ? m.shell_tasks({ count: active.length }) : m.shell_tasks_title()}
        </AriaButton>
      }
    >
      <h3>{m.shell_tasks_title()}</h3>
      {active.length === 0 && <p className="small muted">{m.shell_tasks_none()}</p>}
      {shown.map((task) => (
        <TaskRow key={task.id} task={task} />
      ))}
    </PopoverTrigger>
  );
}

function taskTitle({ kind, subject }: Task): string {
  switch (kind) {
    case "clone":
      return m.shell_task_clone({ subject });
    case "fetch":
      return m.shell_task_fetch({ subject });
    case "scan":
      return m.shell_task_scan({ subject });
    case "open-demo":
      return m.shell_task_open_demo();
    case "support-file":
      return m.shell_task_support_file();
  }
}

/** Where a task is, in words. */
export function taskWords(task: Task): string {
  switch (task.state) {
    case "queued":
      return m.shell_task_queued();
    case "running": {
      const phase = task.phase ?? m.shared_loading();
      if (task.total === 0) return phase;
      const done = formatCount(task.done);
      return m.shell_task_progress({ phase, done, total: formatCount(task.total) });
    }
    case "succeeded":
      return m.shell_task_succeeded();
    case "failed":
      return task.error ? errorWords(task.error).title : errorWordsUnknown();
    case "cancelled":
      return m.shell_task_cancelled();
  }
}

function errorWordsUnknown(): string {
  return errorWords({ code: "internal", parameters: {}, details: "", retryable: false }).title;
}

function TaskRow({ task }: { task: Task }) {
  const cancel = useWrite("task_cancel");
  return (
    <div className={css.row}>
      <span className={css.glyph}>
        {isActive(task) ? (
          <Spinner />
        ) : (
          <StatusGlyph
            kind={
              task.state === "succeeded" ? "ok" : task.state === "failed" ? "failed" : "unknown"
            }
          />
        )}
      </span>
      <div className="grow">
        <div className="b5 ell">{taskTitle(task)}</div>
        <div className="small muted">{taskWords(task)}</div>
        {task.error && <div className="small muted">{errorWords(task.error).next}</div>}
        {task.remark && (
          <div className="small c-warn">
            {errorWords(task.remark).title}. {errorWords(task.remark).next}
          </div>
        )}
        {task.state === "running" && task.total > 0 && (
          <Progress label={taskTitle(task)} done={task.done} total={task.total} />
        )}
      </div>
      {isActive(task) && (
        <IconButton
          icon={X}
          size={24}
          label={m.shared_cancel()}
          onPress={() => cancel.mutate({ id: task.id })}
        />
      )}
    </div>
  );
}
