import { useEffect, useState } from "react";
import { pickFolder, type Task } from "@/ipc";
import { useRead, useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Field } from "@/shared/controls/Field";
import { Progress, Spinner } from "@/shared/display/Progress";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Sheet } from "@/shared/overlay/Sheet";
import { formatCount } from "@/shared/time/format";
import { useView } from "@/shared/view";
import { cloneName, isCloneAddress, joinPath } from "@/shared/workspace/paths";
import { SinceNow } from "./SinceNow";
import css from "./Welcome.module.css";

function isActive(task: Task | undefined): boolean {
  return task?.state === "queued" || task?.state === "running";
}

/** Clones a repository with the person's own git, and shows how far it is. */
export function CloneSheet({
  onClose,
  onCloned,
}: {
  onClose: () => void;
  onCloned: (path: string) => void;
}) {
  const [url, setUrl] = useState("");
  const [folder, setFolder] = useView("clone.folder", "");
  const start = useWrite("repository_clone");
  const cancel = useWrite("task_cancel");
  const tasks = useRead("task_list", null);
  const task = tasks.data?.tasks.find((one) => one.id === start.data?.id);
  const isRunning = start.isPending || isActive(task) || (start.isSuccess && !task);
  const name = cloneName(url);
  const path = folder && name ? joinPath(folder, name) : null;
  const isWrong = url.trim() !== "" && !isCloneAddress(url);

  const state = task?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the task has succeeded.
  useEffect(() => {
    if (state !== "succeeded" || path === null) return;
    onCloned(path);
    onClose();
  }, [state]);

  const choose = async () => {
    const chosen = await pickFolder({ title: m.clone_into() });
    if (chosen !== null) setFolder(chosen);
  };
  const begin = () => {
    if (path !== null && !isWrong) start.mutate({ url: url.trim(), into: path });
  };

  return (
    <Sheet
      isOpen
      onClose={onClose}
      dismissable={!isRunning}
      title={m.clone_title()}
      width={560}
      foot={
        <>
          <span className="grow" />
          {isRunning && task ? (
            <Button size="big" onPress={() => cancel.mutate({ id: task.id })}>
              {m.clone_stop()}
            </Button>
          ) : (
            <Button size="big" onPress={onClose}>
              {m.shared_cancel()}
            </Button>
          )}
          <Button
            size="big"
            variant="primary"
            type="submit"
            form="clone"
            isDisabled={path === null || isWrong || isRunning}
          >
            {m.clone_start()}
          </Button>
        </>
      }
    >
      <form
        id="clone"
        className={css.sheet}
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <Field
          label={m.clone_url()}
          hint={m.clone_url_hint()}
          error={isWrong ? m.clone_url_wrong() : undefined}
          placeholder="https://git.example/harbor/payments.git"
          size="tall"
          mono
          autoFocus
          spellCheck="false"
          isDisabled={isRunning}
          value={url}
          onChange={setUrl}
        />
        <div className={css.into}>
          <Field
            label={m.clone_into()}
            size="tall"
            mono
            spellCheck="false"
            isDisabled={isRunning}
            value={folder}
            onChange={setFolder}
          />
          <Button size="big" isDisabled={isRunning} onPress={() => void choose()}>
            {m.clone_choose()}
          </Button>
        </div>
        {path !== null && <p className="small muted">{m.clone_target({ path })}</p>}
        {isRunning && <CloneProgress task={task} />}
        {state === "cancelled" && <p className="t2">{m.clone_stopped()}</p>}
        {start.error && <ErrorBand error={start.error.wire} />}
        {task?.error && <ErrorBand error={task.error} />}
      </form>
    </Sheet>
  );
}

function CloneProgress({ task }: { task: Task | undefined }) {
  const phase = task?.phase ?? m.clone_starting();
  const words =
    task && task.total > 0
      ? m.shell_task_progress({
          phase,
          done: formatCount(task.done),
          total: formatCount(task.total),
        })
      : phase;
  return (
    <div role="status">
      <div className="row g8 small t2">
        <Spinner />
        <span className="grow">{words}</span>
        <span className="muted num">
          <SinceNow />
        </span>
      </div>
      <Progress label={m.clone_title()} done={task?.done ?? 0} total={task?.total ?? 0} />
    </div>
  );
}
