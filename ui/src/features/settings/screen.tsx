import { m } from "@/paraglide/messages";
import { AboutSection } from "./AboutSection";
import { AppearanceSection } from "./AppearanceSection";
import { ConsentsSection } from "./ConsentsSection";
import { DataSection } from "./DataSection";
import { KeyboardSection, SafetySection, TimeSection } from "./HabitSections";
import css from "./Settings.module.css";

/** What a person set up for themselves, and how their data is. Every change acts at once. */
export default function SettingsScreen() {
  return (
    <div className={css.settings}>
      <div className={css.page}>
        <h1 className={css.title}>{m.settings_title()}</h1>
        <AppearanceSection />
        <TimeSection />
        <KeyboardSection />
        <SafetySection />
        <DataSection />
        <ConsentsSection />
        <AboutSection />
      </div>
    </div>
  );
}
