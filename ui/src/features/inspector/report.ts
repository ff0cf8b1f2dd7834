import type { DeploymentDetails } from "@/ipc";
import { m } from "@/paraglide/messages";
import { formatExact } from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";
import {
  caseWords,
  changedWords,
  evidenceWord,
  rangeWords,
  sourceWords,
  statusLook,
  versionWords,
} from "./words";

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

/** Everything that the inspector knows, as Markdown, for a ticket or a message. */
export function detailsReport(details: DeploymentDetails, zone: Zone, now: number): string {
  const { workload, started, settled, failed, ended, who, why } = details;
  const range = (moment: DeploymentDetails["started"]) =>
    moment &&
    (moment.earliest === moment.latest
      ? formatExact(moment.latest, zone)
      : rangeWords(moment, zone, now));
  const times = [range(started), range(failed ?? settled), range(ended)];
  const facts: [string, string | null][] = [
    [m.inspector_who(), who && `${who.text} (${sourceWords(who)})`],
    [m.inspector_when(), times.filter(Boolean).join(" / ") || null],
    [m.inspector_why(), why && `${why.text} (${sourceWords(why)})`],
    [m.inspector_changed(), details.changed && changedWords(details.changed)],
    [m.inspector_object(), workload && `${workload.kind} ${workload.namespace}/${workload.name}`],
    [workload?.keptIn?.kind ?? "", workload?.keptIn?.name ?? null],
    [m.inspector_image(), details.image],
    [m.inspector_digest(), details.digest],
    [m.inspector_owner(), workload?.owner?.name ?? null],
  ];
  return [
    `# ${details.service} ${details.version}, ${details.environment}`,
    "",
    `**${statusLook(details.status).word}.** ${caseWords(details, now)}`,
    "",
    ...facts.flatMap(([name, value]) => (value ? [`- **${name}:** ${oneLine(value)}`] : [])),
    "",
    `## ${m.inspector_evidence()}: ${evidenceWord(details.evidence)}`,
    "",
    ...details.evidenceItems.map(
      (item) =>
        `- ${evidenceWord(item.kind)}: ${oneLine(item.source)}, ${formatExact(item.seenAt, zone)}`,
    ),
    ...details.versionEvidence.map((one) => `- ${oneLine(versionWords(one))}`),
    "",
  ].join("\n");
}
