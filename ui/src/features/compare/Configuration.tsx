import type { Comparison, ConfigurationDifference } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Change } from "@/shared/display/Diff";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Tag } from "@/shared/display/Tag";
import { formatCount } from "@/shared/time/format";
import css from "./Compare.module.css";
import { secretWords } from "./words";

/** A ConfigMap by its keys; of a Secret only that it differs. */
export function ConfigurationObject({ object }: { object: ConfigurationDifference }) {
  const count = object.keys.length;
  return (
    <section>
      <h4 className={`row g8 ${css.object}`}>
        <StatusGlyph kind="config" />
        <span className="mono small selectable">{object.name}</span>
        <Tag>{object.kind}</Tag>
        <span className="small muted">
          {m.compare_configuration_keys({ count, number: formatCount(count) })}
        </span>
      </h4>
      <ul>
        {object.keys.map((key) => (
          <li key={key.key} className={css.difference}>
            <span className="mono small t2 ell selectable">{key.key}</span>
            {object.kind === "Secret" ? (
              <span className="small muted">{secretWords(key)}</span>
            ) : isLong(key.old) || isLong(key.new) ? (
              <Long from={key.old} to={key.new} />
            ) : (
              <span className="selectable">
                <Change from={key.old} to={key.new} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A value that is a file of its own. */
const isLong = (value: string | null): boolean =>
  value !== null && (value.includes("\n") || value.length > 60);

function Long({ from, to }: { from: string | null; to: string | null }) {
  return (
    <div className={css.long}>
      <pre data-kind="delete" className="selectable">
        <span className="visually-hidden">{m.shared_diff_removed()} </span>
        {from ?? m.compare_none()}
      </pre>
      <pre data-kind="add" className="selectable">
        <span className="visually-hidden">{m.shared_diff_added()} </span>
        {to ?? m.compare_none()}
      </pre>
    </div>
  );
}

/** ConfigMaps that were never read can't be compared: said, with why. */
export function UnknownConfiguration({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div className={`row g8 small t2 ${css.unknown}`}>
      <StatusGlyph kind="unknown" />
      <span>
        {m.compare_configuration_unknown({ names: names.join(", ") })}.{" "}
        <span className="muted">{m.compare_configuration_unknown_why()}</span>
      </span>
    </div>
  );
}

export function ConfigurationTab({ comparison }: { comparison: Comparison }) {
  const { configuration, configurationUnknown } = comparison;
  return (
    <div className={css.page}>
      {configuration.length === 0 && (
        <p className="row g8 t2">
          <StatusGlyph kind={configurationUnknown.length > 0 ? "unknown" : "ok"} quiet />
          {m.compare_configuration_none()}
        </p>
      )}
      {configuration.map((object) => (
        <div key={`${object.kind}/${object.name}`} className={css.block}>
          <ConfigurationObject object={object} />
        </div>
      ))}
      <UnknownConfiguration names={configurationUnknown} />
    </div>
  );
}
