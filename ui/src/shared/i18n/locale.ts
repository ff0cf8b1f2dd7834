import { useSyncExternalStore } from "react";
import { getLocale, type Locale, setLocale } from "@/paraglide/runtime";

const listeners = new Set<() => void>();

/** The language of the desktop, where it is one of ours. */
export function desktopLocale(languages: readonly string[] = navigator.languages): Locale {
  const first = languages.find((language) => /^(en|zh)\b/i.test(language));
  return first && /^zh/i.test(first) ? "zh" : "en";
}

/** Changes the language of every message, and tells the document. */
export function applyLocale(locale: Locale): void {
  if (locale === getLocale()) return;
  setLocale(locale, { reload: false });
  announce(locale);
}

function announce(locale: Locale): void {
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
  for (const listener of listeners) listener();
}

/** The language now; what uses it is drawn again when it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, getLocale);
}
