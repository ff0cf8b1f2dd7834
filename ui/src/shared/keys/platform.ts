/** A key as `KeyboardEvent.key` names it, or `Mod`: ⌘ on macOS, Ctrl elsewhere. */
export type KeyName = string;

/** True where the platform's own shortcuts use ⌘. */
export function isMac(platform: string = navigator.platform): boolean {
  return /^(mac|iphone|ipad)/i.test(platform);
}

/** What stands on the key cap. */
export function keyLabel(key: KeyName, mac: boolean = isMac()): string {
  switch (key) {
    case "Mod":
      return mac ? "⌘" : "Ctrl";
    case "Alt":
      return mac ? "⌥" : "Alt";
    case "Escape":
      return "Esc";
    default:
      return key;
  }
}

/** Whether the event carries the platform's command modifier and no other. */
export function hasMod(event: KeyboardEvent, mac: boolean = isMac()): boolean {
  return mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}

/** Whether keys typed now become text; single-letter shortcuts rest then. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
