import type { AppState } from "@/ipc";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Section } from "./Section";
import css from "./Settings.module.css";

function platformName(platform: AppState["platform"]): string {
  switch (platform) {
    case "linux":
      return "Linux";
    case "macos":
      return "macOS";
    case "windows":
      return "Windows";
  }
}

/** Which Tidemark this is. */
export function AboutSection() {
  const { version, platform } = useAppState();
  return (
    <Section title={m.settings_about()}>
      <dl className={css.facts}>
        <dt>{m.settings_version()}</dt>
        <dd className="mono small">Tidemark {version}</dd>
        <dt>{m.settings_platform()}</dt>
        <dd>{platformName(platform)}</dd>
        <dt>{m.settings_licence()}</dt>
        <dd>{m.settings_licence_text()}</dd>
      </dl>
    </Section>
  );
}
