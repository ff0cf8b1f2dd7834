import { useEffect } from "react";
import { type Action, useActionRegistry } from "./actions";
import { hasMod, isMac, isTyping, type KeyName } from "./platform";

/** Whether the event is that chord. Shift counts only where the key itself does not already say it. */
export function matches(
  event: KeyboardEvent,
  keys: readonly KeyName[],
  mac: boolean = isMac(),
): boolean {
  const key = keys.at(-1);
  if (key === undefined || event.key.toLowerCase() !== key.toLowerCase()) return false;
  const wantsMod = keys.includes("Mod");
  const anyMod = event.metaKey || event.ctrlKey;
  if (wantsMod ? !hasMod(event, mac) : anyMod) return false;
  if (keys.includes("Alt") !== event.altKey) return false;
  const named = key.length > 1;
  return named ? keys.includes("Shift") === event.shiftKey : true;
}

/** A chord that a person could also mean as text. */
export function isSingleLetter(keys: readonly KeyName[]): boolean {
  return keys.length === 1 && keys[0]?.length === 1;
}

/** The action that the event asks for, or none. */
export function actionFor(
  event: KeyboardEvent,
  actions: readonly Action[],
  singleLetters: boolean,
): Action | undefined {
  const typing = isTyping(event.target);
  return actions.find((action) => {
    if (!action.keys || action.off !== undefined || !matches(event, action.keys)) return false;
    if (typing && !action.keys.includes("Mod")) return action.keys.at(-1)?.startsWith("F") ?? false;
    return singleLetters || !isSingleLetter(action.keys);
  });
}

/**
 * Runs the action whose key was pressed, while no sheet or menu is open (`rest`). Single letters rest
 * while text is typed and where they are turned off in Settings.
 */
export function useKeys({ singleLetters, rest }: { singleLetters: boolean; rest: boolean }): void {
  const registry = useActionRegistry();
  useEffect(() => {
    if (rest) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = actionFor(event, registry.all(), singleLetters);
      if (!action) return;
      event.preventDefault();
      action.run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [registry, singleLetters, rest]);
}
