import { ChevronRight, Database } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import type { Comparison } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Tag } from "@/shared/display/Tag";
import { formatCount } from "@/shared/time/format";
import { Groups, type Limits, Shares } from "./Commits";
import css from "./Compare.module.css";
import { ConfigurationObject, UnknownConfiguration } from "./Configuration";
import { FileCounts, filesWords } from "./Files";
import { type Counts, countsOf, fileLines } from "./groups";
import { DifferenceLine, hasSeveralContainers } from "./Manifests";
import { list, sentence } from "./sentence";
import { Unavailable } from "./Unavailable";

export type TabId = "summary" | "commits" | "files" | "manifests" | "configuration" | "notes";

/** So many of each group stand in the summary; the tab has them all. */
const LIMITS: Limits = { feature: 6, fix: 8, other: 5 };
const SHOWN = 8;

export function tabName(tab: TabId): string {
  const names: Record<TabId, () => string> = {
    summary: m.compare_tab_summary,
    commits: m.compare_tab_commits,
    files: m.compare_tab_files,
    manifests: m.compare_tab_manifests,
    configuration: m.compare_tab_configuration,
    notes: m.compare_tab_notes,
  };
  return names[tab]();
}

type Part = Exclude<TabId, "summary">;

/** Everything at a glance: the sentence, and a card for each thing that differs. */
export function Summary({
  comparison,
  onlyChanged,
  onTab,
}: {
  comparison: Comparison;
  onlyChanged: boolean;
  onTab: (tab: TabId) => void;
}) {
  const counts = countsOf(comparison);
  const { lead, rest } = sentence(comparison);
  const same = (["commits", "files", "manifests", "configuration", "notes"] as const).filter(
    (part) => isSame(part, comparison, counts),
  );
  const hidden = onlyChanged ? same : [];
  const card = (part: Part, content: ReactNode, foot?: ReactNode) =>
    !hidden.includes(part) && (
      <SummaryCard part={part} count={counts[part]} onOpen={() => onTab(part)} foot={foot}>
        {content}
      </SummaryCard>
    );
  return (
    <div className={css.summary}>
      <p className={css.sentence}>
        <b className="t1">{lead}</b> {rest}
      </p>
      <div className={css.cards}>
        <div className={css.column}>{card("commits", <CommitsCard comparison={comparison} />)}</div>
        <div className={css.column}>
          {card(
            "manifests",
            <ManifestsCard comparison={comparison} />,
            <Migrations comparison={comparison} />,
          )}
          {hidden.includes("manifests") && comparison.migrations.length > 0 && (
            <div className={css.card}>
              <Migrations comparison={comparison} />
            </div>
          )}
          {card("configuration", <ConfigurationCard comparison={comparison} />)}
        </div>
        <div className={css.column}>
          {card("notes", <NotesCard comparison={comparison} />)}
          {card("files", <FilesCard comparison={comparison} />)}
        </div>
      </div>
      {hidden.length > 0 && (
        <p className="row g8 small muted">
          <StatusGlyph kind="ok" quiet />
          {m.compare_same_in({ names: list(hidden.map(tabName)) })}
        </p>
      )}
    </div>
  );
}

/** Known, and nothing differs. What is not known is never the same. */
function isSame(part: Part, comparison: Comparison, counts: Counts): boolean {
  if (part === "configuration" && comparison.configurationUnknown.length > 0) return false;
  return counts[part] === 0;
}

function SummaryCard({
  part,
  count,
  onOpen,
  children,
  foot,
}: {
  part: Part;
  count: number | null;
  onOpen: () => void;
  children: ReactNode;
  foot?: ReactNode;
}) {
  const name = tabName(part);
  return (
    <section className={css.card} data-part={part}>
      <header className={css.cardHead}>
        <h3>{name}</h3>
        <AriaButton
          className={css.cardMore ?? ""}
          aria-label={m.compare_show_all({ name })}
          onPress={onOpen}
        >
          {count === null ? m.compare_unknown() : formatCount(count)}
          <Icon of={ChevronRight} size="xs" />
        </AriaButton>
      </header>
      <div className={css.cardBody}>{children}</div>
      {foot}
    </section>
  );
}

function CommitsCard({ comparison }: { comparison: Comparison }) {
  const { commits, a } = comparison;
  if (commits.unavailable !== null) {
    return <Unavailable reason={commits.unavailable} service={a.service} />;
  }
  return (
    <>
      {commits.added.length === 0 ? (
        <p className="small muted">{m.compare_added_none()}</p>
      ) : (
        <>
          <Shares commits={commits.added} />
          <Groups commits={commits.added} limits={LIMITS} />
        </>
      )}
      {commits.removed.length > 0 && (
        <div className={css.lacking}>
          <h4 className="row g8 small b6 t2">
            <StatusGlyph kind="warn" />
            {m.compare_removed()}
            <span className="muted b5">{formatCount(commits.removed.length)}</span>
          </h4>
          <Groups commits={commits.removed} limits={{ feature: 2, fix: 2, other: 2 }} />
        </div>
      )}
    </>
  );
}

function ManifestsCard({ comparison }: { comparison: Comparison }) {
  const { template } = comparison;
  if (template === null) {
    return (
      <p className="row g8 small t2">
        <StatusGlyph kind="unknown" />
        <span>{m.compare_template_missing()}</span>
      </p>
    );
  }
  const { differences } = template;
  if (differences.length === 0) {
    return <p className="small muted">{m.compare_template_same()}</p>;
  }
  const rest = differences.length - SHOWN;
  return (
    <>
      <ul>
        {differences.slice(0, SHOWN).map((one) => (
          <DifferenceLine
            key={`${one.container}/${one.kind}/${one.name}`}
            difference={one}
            containers={hasSeveralContainers(differences)}
          />
        ))}
      </ul>
      {rest > 0 && <More count={rest} />}
    </>
  );
}

function More({ count }: { count: number }) {
  return <p className="small muted b5">{m.compare_more({ count, number: formatCount(count) })}</p>;
}

function Migrations({ comparison }: { comparison: Comparison }) {
  if (comparison.migrations.length === 0) return null;
  return (
    <ul className={css.cardFoot}>
      {comparison.migrations.map((name) => (
        <li key={name} className="row g8 small t2">
          <Icon of={Database} size="s" />
          <span className="ell" title={name}>
            {m.compare_migration({ name })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function ConfigurationCard({ comparison }: { comparison: Comparison }) {
  const { configuration, configurationUnknown } = comparison;
  return (
    <>
      {configuration.length === 0 && configurationUnknown.length === 0 && (
        <p className="small muted">{m.compare_configuration_none()}</p>
      )}
      {configuration.slice(0, 3).map((object) => (
        <ConfigurationObject key={`${object.kind}/${object.name}`} object={object} />
      ))}
      {configuration.length > 3 && <More count={configuration.length - 3} />}
      <UnknownConfiguration names={configurationUnknown} />
    </>
  );
}

function NotesCard({ comparison }: { comparison: Comparison }) {
  const { notes } = comparison;
  if (notes.length === 0) return <p className="small muted">{m.compare_notes_none()}</p>;
  return (
    <ul className={css.noteList}>
      {notes.slice(0, SHOWN).map((note) => (
        <li key={note.version}>
          <span className="row g8">
            <span className="mono small b5">{note.version}</span>
            <span className="t1 ell grow">{note.title || m.compare_note_untitled()}</span>
            {note.state === "draft" && <Tag meaning="warn">{m.compare_note_draft()}</Tag>}
          </span>
          {note.excerpt && <span className="small muted ell">{note.excerpt}</span>}
        </li>
      ))}
    </ul>
  );
}

function FilesCard({ comparison }: { comparison: Comparison }) {
  const { files, a } = comparison;
  if (files.unavailable !== null) {
    return <Unavailable reason={files.unavailable} service={a.service} />;
  }
  if (files.files.length === 0) return <p className="small muted">{m.compare_files_none()}</p>;
  const largest = [...files.files].sort((one, other) => churn(other) - churn(one));
  const rest = largest.length - SHOWN;
  return (
    <>
      <p className={`small muted ${css.filesWords}`}>{filesWords(comparison)}</p>
      <ul>
        {largest.slice(0, SHOWN).map((file) => (
          <li key={file.path} className={css.file}>
            <span className="mono small t2 ell selectable" title={file.path}>
              {file.path}
            </span>
            <FileCounts file={file} />
          </li>
        ))}
      </ul>
      {rest > 0 && <More count={rest} />}
    </>
  );
}

function churn(file: Comparison["files"]["files"][number]): number {
  const lines = fileLines(file);
  return lines.kind === "counted" ? lines.added + lines.removed : 0;
}
