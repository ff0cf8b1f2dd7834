import { ChevronDown, ChevronLeft, FolderOpen, Globe, Settings } from "lucide-react";
import { type Settings as AppSettings, pickFile } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button, IconButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { LANGUAGES, languageName } from "@/shared/i18n/languages";
import { useLocale } from "@/shared/i18n/locale";
import { useNavigation } from "@/shared/navigation/navigation";
import { MenuItem, MenuList, MenuSection, MenuSeparator, MenuTrigger } from "@/shared/overlay/Menu";
import { Sheet } from "@/shared/overlay/Sheet";
import { CorrectFile } from "@/shared/workspace/CorrectFile";
import { tailOf } from "@/shared/workspace/paths";
import css from "./Welcome.module.css";

/** Above the welcome: workspaces that exist already, settings, the language. */
export function TopBar() {
  const { workspace } = useAppState();
  const { go } = useNavigation();
  return (
    <header className={css.top}>
      {workspace && (
        <Button variant="ghost" icon={ChevronLeft} onPress={() => go({ name: "timeline" })}>
          {workspace.name}
        </Button>
      )}
      <span className="grow" />
      <OpenMenu />
      <IconButton
        icon={Settings}
        label={m.nav_settings()}
        onPress={() => go({ name: "settings" })}
      />
      <LanguageMenu />
    </header>
  );
}

function OpenMenu() {
  const { recent } = useAppState();
  const { go } = useNavigation();
  const open = useWrite("workspace_open", {
    stale: ["app_state"],
    onSuccess: () => go({ name: "timeline" }),
  });
  const pick = async () => {
    const path = await pickFile({ title: m.shell_workspace_pick(), extension: "toml" });
    if (path !== null) open.mutate({ path });
  };
  return (
    <>
      <MenuTrigger>
        <Button variant="ghost" icon={FolderOpen} trailing={<Icon of={ChevronDown} size="xs" />}>
          {m.welcome_open_existing()}
        </Button>
        <MenuList label={m.welcome_open_existing()} placement="bottom end">
          {recent.length > 0 && (
            <MenuSection title={m.welcome_recent()}>
              {recent.map((one) => (
                <MenuItem
                  key={one.path}
                  id={one.path}
                  label={one.name}
                  hint={tailOf(one.path, 3)}
                  onAction={() => open.mutate({ path: one.path })}
                />
              ))}
            </MenuSection>
          )}
          {recent.length > 0 && <MenuSeparator />}
          <MenuItem
            icon={FolderOpen}
            label={m.shell_workspace_open()}
            onAction={() => void pick()}
          />
        </MenuList>
      </MenuTrigger>
      <Sheet
        isOpen={open.error !== null}
        onClose={open.reset}
        title={m.shell_open_failed()}
        width={560}
        foot={
          <>
            <span className="grow" />
            <Button size="big" autoFocus onPress={open.reset}>
              {m.shared_close()}
            </Button>
          </>
        }
      >
        <div className={css.sheet}>
          {open.error && (
            <ErrorBand error={open.error.wire} actions={<CorrectFile error={open.error.wire} />} />
          )}
        </div>
      </Sheet>
    </>
  );
}

function LanguageMenu() {
  const { settings } = useAppState();
  const locale = useLocale();
  const save = useWrite("settings_set", { stale: ["app_state"] });
  const choose = (language: AppSettings["language"]) => save.mutate({ ...settings, language });
  return (
    <MenuTrigger>
      <Button variant="ghost" icon={Globe} trailing={<Icon of={ChevronDown} size="xs" />}>
        {languageName(locale)}
      </Button>
      <MenuList label={m.welcome_language()} placement="bottom end">
        {LANGUAGES.map((language) => (
          <MenuItem
            key={language}
            label={languageName(language)}
            onAction={() => choose(language)}
          />
        ))}
      </MenuList>
    </MenuTrigger>
  );
}
