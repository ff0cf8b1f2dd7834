import { pickFile } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useNavigation } from "@/shared/navigation/navigation";

/** The ways to another workspace. Each ends on the timeline; a failure stays in `error`. */
export function useOpenWorkspace() {
  const { go } = useNavigation();
  const onSuccess = () => go({ name: "timeline" });
  const open = useWrite("workspace_open", { onSuccess, stale: ["app_state"] });
  const demo = useWrite("demo_open", { onSuccess, stale: ["app_state"] });
  const close = useWrite("workspace_close", {
    onSuccess: () => go({ name: "welcome" }),
    stale: ["app_state"],
  });
  const pick = async () => {
    const path = await pickFile({ title: m.shell_workspace_pick(), extension: "toml" });
    if (path !== null) open.mutate({ path });
  };
  return {
    openPath: (path: string) => open.mutate({ path }),
    pick: () => void pick(),
    openDemo: () => demo.mutate(null),
    close: () => close.mutate(null),
    error: open.error ?? demo.error ?? close.error,
    forget: () => {
      open.reset();
      demo.reset();
      close.reset();
    },
  };
}
