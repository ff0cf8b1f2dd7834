import type { WorkspaceDraft } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { EmptyState } from "@/shared/display/EmptyState";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import { Editor } from "./Editor";
import css from "./Workspace.module.css";

/** Edits the workspace that is open, or one that was suggested on the welcome screen. */
export default function WorkspaceScreen() {
  const { demo } = useAppState();
  const { screen } = useNavigation();
  const suggested = screen.name === "workspace" ? screen.draft : undefined;
  if (suggested) return <Editor start={suggested} startText="" isNew />;
  if (demo) return <EmptyState title={m.workspace_demo_fixed()} />;
  return <OpenWorkspace />;
}

const NOTHING: WorkspaceDraft = { name: "", timeZone: null, environments: [], services: [] };

function OpenWorkspace() {
  const { data, error } = useRead("workspace_draft", null, { staleTime: 0 });
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
      startsAsText={data.draft === null}
    />
  );
}
