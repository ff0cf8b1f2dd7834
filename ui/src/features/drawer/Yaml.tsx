import { ArrowDown, Search } from "lucide-react";
import { Fragment, useRef, useState } from "react";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { CopyButton } from "@/shared/controls/CopyButton";
import { SearchField } from "@/shared/controls/Field";
import css from "./Drawer.module.css";

/** The parts of a line, those that fit the search marked. */
export function marked(line: string, wanted: string): { text: string; hit: boolean }[] {
  if (wanted === "") return [{ text: line, hit: false }];
  const parts: { text: string; hit: boolean }[] = [];
  const low = line.toLowerCase();
  const what = wanted.toLowerCase();
  let at = 0;
  for (let hit = low.indexOf(what); hit >= 0; hit = low.indexOf(what, at)) {
    if (hit > at) parts.push({ text: line.slice(at, hit), hit: false });
    parts.push({ text: line.slice(hit, hit + what.length), hit: true });
    at = hit + what.length;
  }
  if (at < line.length || parts.length === 0) parts.push({ text: line.slice(at), hit: false });
  return parts;
}

/** The object as YAML, with a search that walks through its lines. */
export function Yaml({ yaml }: { yaml: string }) {
  const [wanted, setWanted] = useState("");
  const [here, setHere] = useState(0);
  const box = useRef<HTMLPreElement>(null);
  const lines = yaml.trimEnd().split("\n");
  const hits = lines.flatMap((line, at) =>
    wanted !== "" && line.toLowerCase().includes(wanted.toLowerCase()) ? [at] : [],
  );
  const goTo = (index: number) => {
    if (hits.length === 0) return;
    const next = index % hits.length;
    setHere(next);
    box.current
      ?.querySelector(`[data-line="${hits[next]}"]`)
      ?.scrollIntoView?.({ block: "center" });
  };
  return (
    <div className={css.yaml}>
      <div className={css.yamlBar}>
        <SearchField
          icon={Search}
          label={m.drawer_search()}
          width={260}
          value={wanted}
          onChange={(text) => {
            setWanted(text);
            setHere(0);
          }}
          onSubmit={() => goTo(here + 1)}
        />
        <span className="small muted" role="status">
          {wanted !== "" && m.drawer_matches({ count: hits.length })}
        </span>
        {hits.length > 0 && (
          <Button size="small" variant="ghost" icon={ArrowDown} onPress={() => goTo(here + 1)}>
            {m.drawer_match_next()}
          </Button>
        )}
        <span className="grow" />
        <CopyButton
          variant="secondary"
          size="normal"
          text={() => yaml}
          label={m.drawer_copy_yaml()}
        />
      </div>
      <pre
        ref={box}
        className={`mono ${css.yamlText}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        tabIndex={0}
      >
        {lines.map((line, at) => (
          <Fragment
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place.
            key={at}
          >
            <span data-line={at} className={hits[here] === at ? css.hereLine : undefined}>
              {marked(line, wanted).map((part, index) =>
                part.hit ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place.
                  <mark key={index}>{part.text}</mark>
                ) : (
                  part.text
                ),
              )}
            </span>
            {"\n"}
          </Fragment>
        ))}
      </pre>
    </div>
  );
}
