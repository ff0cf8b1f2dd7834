import { ChevronLeft, Search } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Chord } from "@/shared/display/Kbd";
import { Mark } from "@/shared/display/Mark";
import { Region } from "@/shared/keys/regions";
import { useNavigation } from "@/shared/navigation/navigation";
import { MAIN_SCREENS } from "@/shared/navigation/route";
import { LiveState } from "./LiveState";
import { screenTitle } from "./Shell";
import css from "./TitleBar.module.css";
import { WorkspaceMenu } from "./WorkspaceMenu";

/** 44 px: the mark, the workspace, the screens, search, and whether the clusters answer. */
export function TitleBar() {
  const { workspace } = useAppState();
  const { screen, go, open } = useNavigation();
  return (
    <Region as="header" label={m.shell_titlebar()} className={css.bar ?? ""}>
      <div className={css.brand}>
        <Mark />
        Tidemark
      </div>
      <span className="sep" />
      <WorkspaceMenu />
      {workspace && (
        <nav aria-label={m.nav_label()} className={css.nav}>
          {MAIN_SCREENS.map((name) => (
            <AriaButton
              key={name}
              className={css.link ?? ""}
              aria-current={screen.name === name ? "page" : "false"}
              onPress={() => go({ name })}
            >
              {screenTitle(name)}
            </AriaButton>
          ))}
        </nav>
      )}
      {!workspace && (
        <Button variant="ghost" icon={ChevronLeft} onPress={() => go({ name: "welcome" })}>
          {m.nav_welcome()}
        </Button>
      )}
      <span className="grow" />
      {workspace && (
        <>
          <AriaButton
            className={css.search ?? ""}
            aria-keyshortcuts="Control+K Meta+K"
            onPress={() => open({ name: "palette" })}
          >
            <Icon of={Search} size="s" />
            <span className={`grow ell ${css.searchWords}`}>{m.shell_search()}</span>
            <Chord keys={["Mod", "K"]} />
          </AriaButton>
          <LiveState />
        </>
      )}
    </Region>
  );
}
