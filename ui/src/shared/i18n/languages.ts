import type { Settings } from "@/ipc";
import { m } from "@/paraglide/messages";

type Language = Settings["language"];

export const LANGUAGES: readonly Language[] = ["system", "en", "zh"];

/** Each language by its own name, so that it is found by those who need it. */
export function languageName(language: Language): string {
  switch (language) {
    case "system":
      return m.settings_language_system();
    case "en":
      return "English";
    case "zh":
      return "简体中文";
  }
}
