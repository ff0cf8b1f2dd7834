import { useDeferredValue } from "react";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Pill } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { formatCount } from "@/shared/time/format";
import css from "./PatternPreview.module.css";

/** Patterns that most repositories use. */
export const COMMON_PATTERNS: readonly string[] = [
  "v{version}",
  "{version}",
  "{service}/v{version}",
  "{service}-{version}",
  "release-{version}",
];

/** What a tag pattern makes of a repository's tags, while it is typed. */
export function PatternPreview({
  repository,
  service,
  pattern,
}: {
  /** Path of the clone. */
  repository: string;
  service: string;
  pattern: string;
}) {
  const request = useDeferredValue({ repository, service, pattern });
  const { data, error, isFetching } = useRead("pattern_try", request, {
    placeholderData: (before) => before,
  });
  if (error) return <ErrorBand error={error.wire} />;
  if (!data) {
    return (
      <p className="row g8 small muted">
        <Spinner /> {m.shared_loading()}
      </p>
    );
  }
  if (data.problem !== null) {
    return (
      <p className="row g8 small c-failed" role="status">
        <StatusGlyph kind="failed" /> {m.pattern_problem({ problem: data.problem })}
      </p>
    );
  }
  const { versions, unversioned, foreign, examples } = data;
  return (
    <div className={css.preview} aria-busy={isFetching}>
      <p className="row g8 small t2" role="status">
        <StatusGlyph kind={versions > 0 ? "ok" : "warn"} />
        {m.pattern_result({
          count: versions,
          versions: formatCount(versions),
          unversioned: formatCount(unversioned),
          foreign: formatCount(foreign),
        })}
      </p>
      {examples.length === 0 ? (
        <p className="small muted">{m.pattern_no_match()}</p>
      ) : (
        <dl className={css.examples} aria-label={m.pattern_examples()}>
          {examples.map(([tag, version]) => (
            <div key={tag} className={css.example}>
              <dt className="mono small muted ell" title={tag}>
                {tag}
              </dt>
              <dd>
                <Pill state="outlined">{version}</Pill>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
