import type { WorkspaceDraft } from "../generated/wire";

/** `tidemark.toml` as the program would write it; the real one keeps comments and order. */
export function draftText(draft: WorkspaceDraft): string {
  const quoted = (text: string) => JSON.stringify(text);
  const list = (texts: readonly string[]) => `[${texts.map(quoted).join(", ")}]`;
  const lines = ["format = 1", `name = ${quoted(draft.name)}`];
  if (draft.timeZone) lines.push(`time-zone = ${quoted(draft.timeZone)}`);
  for (const environment of draft.environments) {
    lines.push("", "[[environment]]", `name = ${quoted(environment.name)}`);
    lines.push(`tier = ${quoted(environment.tier)}`);
    if (environment.guard) lines.push("guard = true");
    lines.push(`cluster = ${quoted(environment.cluster)}`);
    lines.push(`namespaces = ${list(environment.namespaces)}`);
    if (environment.verifyWindow)
      lines.push(`verify = { window = ${quoted(environment.verifyWindow)} }`);
    if (environment.knownGoodAfter) {
      lines.push(`known-good = { after = ${quoted(environment.knownGoodAfter)} }`);
    }
  }
  for (const service of draft.services) {
    lines.push("", "[[service]]", `name = ${quoted(service.name)}`);
    if (service.team) lines.push(`team = ${quoted(service.team)}`);
    if (service.repository) lines.push(`repository = ${quoted(service.repository)}`);
    if (service.path) lines.push(`path = ${quoted(service.path)}`);
    if (service.tags) lines.push(`tags = ${quoted(service.tags)}`);
    if (service.container) lines.push(`container = ${quoted(service.container)}`);
    if (service.dependsOn.length > 0) lines.push(`depends-on = ${list(service.dependsOn)}`);
  }
  return `${lines.join("\n")}\n`;
}
