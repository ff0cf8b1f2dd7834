import { m } from "@/paraglide/messages";

/** What an object of a kind is called in a sentence: a deployment is something else here than a Deployment object. */
export function objectName(kind: string): string {
  return kind === "Deployment" ? m.object_deployment() : m.object_other({ kind });
}
