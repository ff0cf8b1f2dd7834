import { ChevronDown, FolderOpen, Pencil, Plus, Settings, Sparkles, X } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import { MenuItem, MenuList, MenuSection, MenuSeparator, MenuTrigger } from "@/shared/overlay/Menu";
import { Sheet } from "@/shared/overlay/Sheet";
import { CorrectFile } from "@/shared/workspace/CorrectFile";
import { useOpenWorkspace } from "./useOpenWorkspace";
import css from "./WorkspaceMenu.module.css";

const RECENT_SHOWN = 6;

/** The workspace's name; below it the recent ones, and everything that is done with a workspace. */
export function WorkspaceMenu() {
  const { workspace, recent, demo } = useAppState();
  const { go } = useNavigation();
  const workspaces = useOpenWorkspace();
  const others = recent.filter((one) => one.path !== workspace?.path).slice(0, RECENT_SHOWN);
  return (
    <>
      <MenuTrigger>
        <AriaButton className={css.name ?? ""} aria-label={m.shell_workspace_menu()}>
          <span className="ell">{workspace?.name ?? m.nav_workspace()}</span>
          <Icon of={ChevronDown} size="xs" />
        </AriaButton>
        <MenuList label={m.shell_workspace_menu()}>
          {others.length > 0 && (
            <MenuSection title={m.shell_workspace_recent()}>
              {others.map((one) => (
                <MenuItem
                  key={one.path}
                  id={one.path}
                  label={one.name}
                  hint={shortPath(one.path)}
                  onAction={() => workspaces.openPath(one.path)}
                />
              ))}
            </MenuSection>
          )}
          {others.length > 0 && <MenuSeparator />}
          <MenuItem
            icon={FolderOpen}
            label={m.shell_workspace_open()}
            keys={["Mod", "O"]}
            onAction={workspaces.pick}
          />
          <MenuItem
            icon={Plus}
            label={m.shell_workspace_new()}
            onAction={() => go({ name: "welcome" })}
          />
          {!demo && (
            <MenuItem
              icon={Sparkles}
              label={m.shell_workspace_demo()}
              onAction={workspaces.openDemo}
            />
          )}
          <MenuSeparator />
          {workspace && !demo && (
            <MenuItem
              icon={Pencil}
              label={m.shell_workspace_edit()}
              onAction={() => go({ name: "workspace" })}
            />
          )}
          <MenuItem
            icon={Settings}
            label={m.nav_settings()}
            keys={["Mod", ","]}
            onAction={() => go({ name: "settings" })}
          />
          {workspace && (
            <MenuItem
              icon={X}
              label={demo ? m.shell_demo_leave() : m.shell_workspace_close()}
              onAction={workspaces.close}
            />
          )}
        </MenuList>
      </MenuTrigger>
      <Sheet
        isOpen={workspaces.error !== null}
        onClose={workspaces.forget}
        title={m.shell_open_failed()}
        width={560}
        foot={
          <>
            <span className="grow" />
            <Button size="big" autoFocus onPress={workspaces.forget}>
              {m.shared_close()}
            </Button>
          </>
        }
      >
        <div className={css.error}>
          {workspaces.error && (
            <ErrorBand
              error={workspaces.error.wire}
              actions={<CorrectFile error={workspaces.error.wire} />}
            />
          )}
        </div>
      </Sheet>
    </>
  );
}

/** The end of a path, which is what tells two apart. */
function shortPath(path: string): string {
  const parts = path.split(/[\\/]/);
  return parts.length > 3 ? `…/${parts.slice(-3, -1).join("/")}` : path;
}
