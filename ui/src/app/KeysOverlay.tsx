import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { Chord } from "@/shared/display/Kbd";
import type { KeyName } from "@/shared/keys/platform";
import { useNavigation } from "@/shared/navigation/navigation";
import { Sheet } from "@/shared/overlay/Sheet";
import css from "./KeysOverlay.module.css";

/** Keys that do one thing: alternatives side by side, each a chord. */
type Entry = { keys: readonly (readonly KeyName[])[]; words: () => string };

const GROUPS: readonly { title: () => string; entries: readonly Entry[] }[] = [
  {
    title: m.keys_group_lanes,
    entries: [
      { keys: [["ArrowUp"], ["ArrowDown"]], words: m.keys_lane },
      { keys: [["ArrowLeft"], ["ArrowRight"]], words: m.keys_event },
      { keys: [["Home"], ["End"]], words: m.keys_ends },
      { keys: [["PgUp"], ["PgDn"]], words: m.keys_page },
      { keys: [["ArrowRight"], ["ArrowLeft"]], words: m.keys_open_close },
      { keys: [["["], ["]"]], words: m.keys_failures },
      { keys: [["/"]], words: m.keys_filter },
    ],
  },
  {
    title: m.keys_group_time,
    entries: [
      {
        keys: [
          ["Shift", "ArrowLeft"],
          ["Shift", "ArrowRight"],
        ],
        words: m.keys_pan,
      },
      { keys: [["+"], ["-"]], words: m.keys_zoom },
      { keys: [["0"]], words: m.keys_fit },
      { keys: [["T"]], words: m.keys_now },
    ],
  },
  {
    title: m.keys_group_selected,
    entries: [
      { keys: [["Enter"]], words: m.keys_details },
      { keys: [["Space"]], words: m.keys_select },
      { keys: [["C"]], words: m.keys_compare },
      { keys: [["R"]], words: m.keys_rollback },
      { keys: [["N"]], words: m.keys_note },
    ],
  },
  {
    title: m.keys_group_app,
    entries: [
      { keys: [["Mod", "K"]], words: m.keys_palette },
      { keys: [["?"], ["F1"]], words: m.keys_keys },
      { keys: [["F6"]], words: m.keys_regions },
      { keys: [["Mod", "1"], ["5"]], words: m.keys_screens },
      { keys: [["Mod", "+"], ["-"], ["0"]], words: m.keys_zoom_window },
      { keys: [["Mod", ","]], words: m.nav_settings },
      { keys: [["Escape"]], words: m.keys_back },
    ],
  },
];

/** Every key, on `?`. */
export function KeysOverlay() {
  const { settings } = useAppState();
  const { close } = useNavigation();
  return (
    <Sheet
      isOpen
      onClose={close}
      title={m.keys_title()}
      width={760}
      foot={
        <>
          <span className="small muted grow">{!settings.singleLetterKeys && m.keys_off()}</span>
          <Button size="big" autoFocus onPress={close}>
            {m.shared_close()}
          </Button>
        </>
      }
    >
      <div className={css.groups}>
        {GROUPS.map((group) => (
          <section key={group.title()}>
            <h3 className={css.title}>{group.title()}</h3>
            <dl>
              {group.entries.map((entry) => (
                <div key={entry.words()} className={css.entry}>
                  <dt className="t2">{entry.words()}</dt>
                  <dd className={css.keys}>
                    {entry.keys.map((chord) => (
                      <Chord key={chord.join("+")} keys={chord} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}
