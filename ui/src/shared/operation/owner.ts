import type { OwnerInfo } from "@/ipc";
import { m } from "@/paraglide/messages";

/** Who keeps an object as it has it, by the name people know; `name` is that of one without a project of its own. */
export function ownerName(owner: string, name: string): string {
  const known: Record<string, string> = {
    "Argo CD Application": "Argo CD",
    "Flux Kustomization": "Flux",
    "Flux HelmRelease": "Flux",
    "Helm release": "Helm",
  };
  return known[owner] ?? name;
}

/** What says that it is the owner. */
export function ownerEvidence({ evidence, key, value }: Omit<OwnerInfo, "name">): string {
  switch (evidence) {
    case "annotation":
      return m.finding_owner_annotation({ key, value });
    case "label-of-application":
      return m.finding_owner_label_application({ key, value });
    case "reference":
      return m.finding_owner_reference({ key, value });
    default:
      return m.finding_owner_label({ key, value });
  }
}
