import type { Commit, Comparison, SideInfo } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { Zone } from "@/shared/time/zone";
import { fileLines, groupCommits } from "./groups";
import { sentence } from "./sentence";
import {
  differenceName,
  differenceValues,
  secretWords,
  spanWords,
  unavailableWords,
} from "./words";

/** Everything that differs as Markdown, for a ticket or a message. */
export function report(comparison: Comparison, zone: Zone, now: number): string {
  const { a, b } = comparison;
  const { lead, rest } = sentence(comparison);
  const sections = [
    `# ${m.compare_report_title({ a: sideName(a), b: sideName(b) })}`,
    [
      `- A: ${sideName(a)}, ${spanWords(a, zone, now)}`,
      `- B: ${sideName(b)}, ${spanWords(b, zone, now)}`,
    ].join("\n"),
    `**${lead}** ${rest}`,
    ...commitSections(comparison),
    ...templateSection(comparison),
    ...configurationSection(comparison),
    ...fileSection(comparison),
    ...notesSection(comparison),
  ];
  return `${sections.join("\n\n")}\n`;
}

function sideName({ service, version, environment }: SideInfo): string {
  return environment
    ? m.compare_report_side({ service, version, environment })
    : `${service} ${version}`;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? [`## ${title}`, lines.join("\n")] : [];

const entry = (commit: Commit): string =>
  `- ${commit.subject} (${commit.author}, ${commit.id.slice(0, 7)})`;

function commitSections({ commits }: Comparison): string[] {
  if (commits.unavailable !== null) {
    return section(m.compare_tab_commits(), [unavailableWords(commits.unavailable).why]);
  }
  const groups = groupCommits(commits.added);
  return [
    ...section(m.compare_features(), groups.feature.map(entry)),
    ...section(m.compare_fixes(), groups.fix.map(entry)),
    ...section(m.compare_other(), groups.other.map(entry)),
    ...section(m.compare_removed(), commits.removed.map(entry)),
  ];
}

const changed = (name: string, from: string | null, to: string | null): string =>
  `- ${m.compare_report_line({
    name,
    from: from ?? m.compare_none(),
    to: to ?? m.compare_none(),
  })}`;

function templateSection({ template }: Comparison): string[] {
  if (template === null) {
    return section(m.compare_template(), [m.compare_template_missing()]);
  }
  return section(
    m.compare_template(),
    template.differences.map((difference) => {
      const { words } = differenceName(difference);
      const values = differenceValues(difference);
      const place = values.repository ?? difference.container;
      return changed(place ? `${words} (${place})` : words, values.old, values.new);
    }),
  );
}

function configurationSection({ configuration, configurationUnknown }: Comparison): string[] {
  const lines = configuration.flatMap(({ kind, name, keys }) =>
    keys.map((key) =>
      kind === "Secret"
        ? `- ${name}, ${key.key}: ${secretWords(key)}`
        : changed(`${name}, ${key.key}`, key.old, key.new),
    ),
  );
  const unknown =
    configurationUnknown.length > 0
      ? [`- ${m.compare_configuration_unknown({ names: configurationUnknown.join(", ") })}`]
      : [];
  return section(m.compare_tab_configuration(), [...lines, ...unknown]);
}

function fileSection({ files }: Comparison): string[] {
  return section(
    m.compare_tab_files(),
    files.files.map((file) => {
      const lines = fileLines(file);
      if (lines.kind === "counted") return `- ${file.path} +${lines.added} −${lines.removed}`;
      const words = lines.kind === "binary" ? m.compare_file_binary() : m.compare_file_not_here();
      return `- ${file.path} (${words})`;
    }),
  );
}

function notesSection({ notes, migrations }: Comparison): string[] {
  const named = migrations.map((name) => `- ${m.compare_migration({ name })}`);
  const titles = notes.map(
    (note) => `- ${note.version}: ${note.title || m.compare_note_untitled()}`,
  );
  return section(m.compare_tab_notes(), [...named, ...titles]);
}
