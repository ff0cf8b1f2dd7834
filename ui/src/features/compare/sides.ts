import type { SideRequest, WireError } from "@/ipc";
import type { CompareSide, Screen } from "@/shared/navigation/route";

/** What the screen is asked to compare; a side that is `null` is not chosen yet. */
export type Sides = { service: string | null; a: CompareSide | null; b: CompareSide | null };

export const NO_SIDES: Sides = { service: null, a: null, b: null };

/** The sides that a route names, or `null` when it names none. */
export function sidesOfRoute(screen: Screen): Sides | null {
  if (screen.name !== "compare" || (!screen.left && !screen.right)) return null;
  return { service: screen.service ?? null, a: screen.left ?? null, b: screen.right ?? null };
}

export function routeOf({ service, a, b }: Sides): Screen {
  return {
    name: "compare",
    ...(service !== null && { service }),
    ...(a && { left: a }),
    ...(b && { right: b }),
  };
}

/** A side as the backend is asked for it; `null` while something is missing. */
export function requestOf(side: CompareSide | null, service: string | null): SideRequest | null {
  if (!side) return null;
  switch (side.kind) {
    case "deployment":
      return { kind: "deployment", id: side.deployment };
    case "version":
      return service === null ? null : { kind: "version", service, version: side.version };
    case "environment":
      return service === null
        ? null
        : {
            kind: "environment",
            service,
            environment: side.environment,
            at: side.at ?? null,
          };
  }
}

/** A service in an environment of which nothing is known: at that moment, or at all. */
export type NothingKnown = { service: string; environment: string; at: number | null };

/** What an error says to be unknown; of two moments of one environment it is the earlier one. */
export function nothingKnown(
  { code, parameters }: WireError,
  { a, b }: Sides,
): NothingKnown | null {
  const { service, environment } = parameters;
  if (code !== "no-such-deployment" || !service || !environment) return null;
  const moments = [a, b].flatMap((side) =>
    side?.kind === "environment" && side.environment === environment && side.at !== undefined
      ? [side.at]
      : [],
  );
  return { service, environment, at: moments.length > 0 ? Math.min(...moments) : null };
}

/**
 * Another service for one side is another service for both: a deployment and a version belong to the
 * old one and are asked for anew, while an environment goes on with the new one.
 */
export function withService(sides: Sides, service: string): Sides {
  if (service === sides.service) return sides;
  const keep = (side: CompareSide | null) => (side?.kind === "environment" ? side : null);
  return { service, a: keep(sides.a), b: keep(sides.b) };
}
