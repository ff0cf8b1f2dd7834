import { useEffect } from "react";
import { asWireError, call } from "@/ipc";
import { matches } from "@/shared/keys/useKeys";
import { useNavigation } from "@/shared/navigation/navigation";

/** The chord that quits. */
export const QUIT_KEYS = ["Mod", "q"] as const;

/** Quits at once, or asks while an operation runs: the program refuses then, until the person was told. */
export function useQuit(): () => void {
  const { overlay, open } = useNavigation();
  const quit = () => {
    if (overlay?.name === "quit") return;
    call("quit", { on: false }).catch((thrown) => {
      if (asWireError(thrown).code !== "operation-running") return;
      open({ name: "quit", ...(overlay && { under: overlay }) });
    });
  };
  // Other keys rest while a sheet is open; this one must not, since the sheet of what runs is one.
  useEffect(() => {
    if (!overlay) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !matches(event, QUIT_KEYS)) return;
      event.preventDefault();
      quit();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
  return quit;
}
