import { Minus, Plus } from "lucide-react";
import { m } from "@/paraglide/messages";
import { Button, IconButton } from "@/shared/controls/Button";
import { Segmented } from "@/shared/controls/Segmented";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { LANGUAGES, languageName } from "@/shared/i18n/languages";
import { nextZoom } from "@/shared/zoom";
import { Line, Section } from "./Section";
import { useSettings } from "./useSettings";

/** Theme, language and text size. */
export function AppearanceSection() {
  const { settings, change, error } = useSettings();
  return (
    <Section title={m.settings_appearance()}>
      <Line name={m.settings_theme()}>
        <Segmented
          label={m.settings_theme()}
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          segments={[
            { id: "system", label: m.settings_theme_system() },
            { id: "dark", label: m.settings_theme_dark() },
            { id: "light", label: m.settings_theme_light() },
          ]}
        />
      </Line>
      <Line name={m.settings_language()}>
        <Segmented
          label={m.settings_language()}
          value={settings.language}
          onChange={(language) => change({ language })}
          segments={LANGUAGES.map((id) => ({ id, label: languageName(id) }))}
        />
      </Line>
      <Line name={m.settings_zoom()}>
        <span className="row g4">
          {settings.zoom !== 1 && (
            <Button variant="ghost" onPress={() => change({ zoom: 1 })}>
              {m.settings_zoom_normal()}
            </Button>
          )}
          <IconButton
            icon={Minus}
            label={m.settings_zoom_smaller()}
            variant="secondary"
            isDisabled={nextZoom(settings.zoom, -1) === settings.zoom}
            onPress={() => change({ zoom: nextZoom(settings.zoom, -1) })}
          />
          <span className="num" style={{ width: 52, textAlign: "center" }}>
            {Math.round(settings.zoom * 100)} %
          </span>
          <IconButton
            icon={Plus}
            label={m.settings_zoom_larger()}
            variant="secondary"
            isDisabled={nextZoom(settings.zoom, 1) === settings.zoom}
            onPress={() => change({ zoom: nextZoom(settings.zoom, 1) })}
          />
        </span>
      </Line>
      {error && <ErrorBand error={error.wire} />}
    </Section>
  );
}
