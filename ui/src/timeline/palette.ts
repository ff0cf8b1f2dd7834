/** Colours by role, read from the custom properties of the page, so that a theme is one re-read. */

const ROLES = {
  canvas: "--surface-0",
  chrome: "--surface-1",
  future: "--surface-future",
  raised: "--surface-3",
  hair: "--line-hair",
  strong: "--line-strong",
  grid: "--line-grid",
  text: "--text-1",
  text2: "--text-2",
  muted: "--text-muted",
  accent: "--accent",
  accentSoft: "--accent-soft",
  focus: "--focus-ring",
  live: "--span-live",
  liveFill: "--span-live-fill",
  liveStroke: "--span-live-stroke",
  pastFill: "--span-past-fill",
  pastStroke: "--span-past-stroke",
  pastOk: "--span-past-ok",
  spanText: "--span-text",
  spanTextPast: "--span-text-past",
  rollback: "--span-rollback",
  rollbackFill: "--span-rollback-fill",
  rollbackStroke: "--span-rollback-stroke",
  progress: "--span-progress",
  progressFill: "--span-progress-fill",
  progressStripe: "--span-progress-stripe",
  progressStroke: "--span-progress-stroke",
  unknown: "--span-unknown",
  unknownFill: "--span-unknown-fill",
  unknownHatch: "--span-unknown-hatch",
  unknownStroke: "--span-unknown-stroke",
  config: "--span-config",
  failed: "--status-failed",
  failedFill: "--status-failed-fill",
  failedOn: "--status-failed-on",
  ok: "--status-ok",
  now: "--now",
  nowOn: "--now-on",
} as const;

export type Palette = { readonly [R in keyof typeof ROLES]: string } & {
  readonly fontUi: string;
  readonly fontMono: string;
};

/** Reads all roles. `property` answers a custom property's value, as `getPropertyValue` does. */
export function readPalette(property: (name: string) => string): Palette {
  const out: Record<string, string> = {};
  for (const [role, name] of Object.entries(ROLES)) out[role] = property(name).trim();
  out.fontUi = property("--font-ui").trim() || "sans-serif";
  out.fontMono = property("--font-mono").trim() || "monospace";
  return out as Palette;
}
