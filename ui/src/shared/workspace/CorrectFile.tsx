import { Pencil } from "lucide-react";
import type { WireError } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { useNavigation } from "@/shared/navigation/navigation";

/** Leads from an error to the place in the workspace file that it names; nothing for any other error. */
export function CorrectFile({ error }: { error: WireError }) {
  const { go } = useNavigation();
  const { path, line, column } = error.parameters;
  if (error.code !== "workspace-invalid" || path === undefined) return null;
  const file = { path, line: Number(line ?? 1), column: Number(column ?? 1) };
  return (
    <Button size="small" icon={Pencil} onPress={() => go({ name: "workspace", file })}>
      {m.workspace_correct()}
    </Button>
  );
}
