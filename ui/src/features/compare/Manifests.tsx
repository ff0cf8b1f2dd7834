import { useState } from "react";
import type { Comparison, Difference, DifferenceKind, TemplateDifference } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Segmented } from "@/shared/controls/Segmented";
import { Change } from "@/shared/display/Diff";
import { ManifestDiff } from "@/shared/display/ManifestDiff";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { formatCount } from "@/shared/time/format";
import { useView } from "@/shared/view";
import css from "./Compare.module.css";
import { differenceKindWords, differenceName, differenceValues } from "./words";

/** One difference of the pod template: its name, and old to new. */
export function DifferenceLine({
  difference,
  containers,
}: {
  difference: Difference;
  /** More than one container differs: each line says its own. */
  containers: boolean;
}) {
  const { words, mono } = differenceName(difference);
  const values = differenceValues(difference);
  const aside =
    values.repository ??
    (containers && difference.container
      ? m.compare_of_container({ container: difference.container })
      : null);
  return (
    <li className={css.difference}>
      <span className="row g8">
        <span className={`${mono ? "mono small" : ""} t2 ell selectable`}>{words}</span>
        {aside && <span className="small muted ell selectable">{aside}</span>}
      </span>
      <span className="selectable">
        <Change from={values.old} to={values.new} />
      </span>
    </li>
  );
}

export function hasSeveralContainers(differences: readonly Difference[]): boolean {
  return new Set(differences.map((one) => one.container)).size > 1;
}

const ORDER: readonly DifferenceKind[] = [
  "image",
  "setting",
  "resource",
  "command",
  "probe",
  "port",
  "volume",
  "container",
  "metadata",
  "other",
];

/** The pod template in words first, as YAML on demand. */
export function ManifestsTab({
  comparison,
  onlyChanged,
}: {
  comparison: Comparison;
  onlyChanged: boolean;
}) {
  const { template } = comparison;
  if (template === null) {
    return (
      <div className={css.page}>
        <p className="row g8 t2">
          <StatusGlyph kind="unknown" />
          <span>{m.compare_template_missing()}</span>
        </p>
      </div>
    );
  }
  const containers = hasSeveralContainers(template.differences);
  return (
    <div className={css.page}>
      {template.differences.length === 0 && (
        <p className="row g8 t2">
          <StatusGlyph kind="ok" quiet />
          {m.compare_template_same()}
        </p>
      )}
      {ORDER.map((kind) => {
        const some = template.differences.filter((one) => one.kind === kind);
        if (some.length === 0) return null;
        return (
          <section key={kind} className={css.block}>
            <header className="row g8">
              <h3>{differenceKindWords(kind)}</h3>
              <span className="small muted">{formatCount(some.length)}</span>
            </header>
            <ul>
              {some.map((one) => (
                <DifferenceLine
                  key={`${one.container}/${one.name}`}
                  difference={one}
                  containers={containers}
                />
              ))}
            </ul>
          </section>
        );
      })}
      <Yaml template={template} onlyChanged={onlyChanged} />
    </div>
  );
}

function Yaml({ template, onlyChanged }: { template: TemplateDifference; onlyChanged: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const [layout, setLayout] = useView<"unified" | "split">("compare.yaml", "unified");
  return (
    <section className={css.block}>
      <header className="row g8">
        <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {isOpen ? m.compare_yaml_hide() : m.compare_yaml_show()}
        </Button>
        {isOpen && (
          <Segmented
            label={m.compare_yaml_layout()}
            value={layout}
            onChange={setLayout}
            segments={[
              { id: "unified", label: m.compare_yaml_unified() },
              { id: "split", label: m.compare_yaml_split() },
            ]}
          />
        )}
      </header>
      {isOpen && (
        <ManifestDiff
          a={template.yamlA}
          b={template.yamlB}
          labels={{ a: m.compare_yaml_of({ side: "A" }), b: m.compare_yaml_of({ side: "B" }) }}
          layout={layout}
          onlyChanged={onlyChanged}
        />
      )}
    </section>
  );
}
