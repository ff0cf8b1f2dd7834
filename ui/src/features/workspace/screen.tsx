import type { CommandError, WorkspaceDraft, WorkspaceText } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { EmptyState } from "@/shared/display/EmptyState";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import type { FilePlace } from "@/shared/navigation/route";
import { Editor } from "./Editor";
import css from "./Workspace.module.css";

/** Edits the workspace that is open, one that was suggested on the welcome screen, or a file that cannot be opened. */
export default function WorkspaceScreen() {
  const { demo, workspace } = useAppState();
  const { screen } = useNavigation();
  const { draft, file } = screen.name === "workspace" ? screen : {};
  const open = useRead("workspace_draft", null, { staleTime: 0, enabled: !draft && !file });
  const other = useRead(
    "workspace_file",
    { path: file?.path ?? "" },
    { staleTime: 0, enabled: file !== undefined },
  );
  if (draft) return <Editor start={draft} startText="" path={null} startMode="form" />;
  if (file) return <FileEditor answer={other} path={file.path} at={file} />;
  if (demo) return <EmptyState title={m.workspace_demo_fixed()} />;
  return <FileEditor answer={open} path={workspace?.path ?? null} />;
}

const NOTHING: WorkspaceDraft = { name: "", timeZone: null, environments: [], services: [] };

function FileEditor({
  answer: { data, error },
  path,
  at,
}: {
  answer: { data: WorkspaceText | undefined; error: CommandError | null };
  path: string | null;
  at?: FilePlace;
}) {
  if (error) {
    return (
      <div className={css.alone}>
        <ErrorBand error={error.wire} />
      </div>
    );
  }
  if (!data) return null;
  return (
    <Editor
      key={data.text}
      start={data.draft ?? NOTHING}
      startText={data.text}
      startMode={data.draft === null ? "text" : "form"}
      path={path}
      {...(at && { at })}
    />
  );
}
