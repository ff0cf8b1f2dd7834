import type { Commit, CommitKind, Note, NoteInfo, NoteState } from "../generated/wire";
import type { Handlers } from "./handlers";
import { pause } from "./handlers";
import type { World } from "./world";

const DAY = 86_400_000;

export function commit(
  id: string,
  kind: CommitKind,
  subject: string,
  author: string,
  part: Partial<Commit> = {},
): Commit {
  return {
    id: id.padEnd(40, "0"),
    kind,
    subject,
    author,
    at: Date.now() - 2 * DAY,
    scope: null,
    breaking: false,
    release: null,
    ...part,
  };
}

/** The commits of checkout 2.4.1, as the pictures list them. */
export const checkoutCommits: Commit[] = [
  commit("b81f20c", "feature", "Gift wrap as an option of the basket", "Jonas Kern"),
  commit("77ce1a4", "feature", "Express delivery until 18:00", "Sara Nowak"),
  commit("02d9e6f", "feature", "Save card for the next order", "Jonas Kern"),
  commit("e5510b3", "feature", "Show loyalty points at payment", "Mei Ito", { scope: "payment" }),
  commit("9f3ad77", "fix", "Voucher applied twice after a retry", "Tom Berg"),
  commit("41c0e92", "fix", "Wrong VAT line for Swiss addresses", "Sara Nowak"),
  commit("c6d2f18", "fix", "Basket lost when the session renews", "Amara Obi"),
  commit("8a90d3b", "fix", "Double click placed two orders", "Tom Berg"),
];

const VOUCHERS = `# Vouchers, and faster delivery

Orders until **18:00** now leave the same day, and a
voucher counts once, also after a retry.

## New
- Gift wrap as an option of the basket b81f20c
- Express delivery until 18:00 77ce1a4
- Save the card for the next order 02d9e6f

## Fixed
- A voucher was applied twice after a retry 9f3ad77
- Wrong VAT line for Swiss addresses 41c0e92
- The basket was lost when the session renews c6d2f18

## For operators
- Migration 58 adds \`orders.gift_note\`, nullable
- \`PRICING_TIMEOUT_MS\` is 800, was 2000
`;

type Kept = { markdown: string; state: NoteState; author: string; updatedAt: number };

const notesOf = new WeakMap<World, Map<string, Kept>>();
const ROLLED_BACK = new Set(["cart 3.8.0"]);

function notes(world: World): Map<string, Kept> {
  const known = notesOf.get(world);
  if (known) return known;
  const now = Date.now();
  const line = (days: number, text: string, state: NoteState = "final"): Kept => ({
    markdown: `# ${text}\n\n- ${text}\n`,
    state,
    author: "Lena M.",
    updatedAt: now - days * DAY,
  });
  const made = new Map<string, Kept>([
    ["checkout 2.4.1", { ...line(0, ""), markdown: VOUCHERS, state: "draft" }],
    ["checkout 2.4.0", line(0, "Gift wrap and express delivery until 18:00")],
    ["pricing 0.48.2", line(0, "Voucher rules read from one place", "draft")],
    ["cart 3.8.0", line(1, "Basket keeps a voucher after sign-in")],
    ["payments 1.41.2", line(6, "Refund to voucher for partial orders")],
    ["checkout 2.3.7", line(9, "Checkout accepts two vouchers")],
    ["loyalty 1.17.0", line(13, "Points become a voucher at 500", "draft")],
    ["notifications 1.9.11", line(15, "Voucher mail in five languages")],
    ["checkout 2.3.4", line(22, "Expired voucher says so")],
  ]);
  notesOf.set(world, made);
  return made;
}

export function noteInfos(world: World): NoteInfo[] {
  return [...notes(world)].map(([key, kept]): NoteInfo => {
    const [service = "", version = ""] = key.split(" ");
    const lines = kept.markdown.split("\n").filter(Boolean);
    return {
      service,
      version,
      title: (lines[0] ?? "").replace(/^#+ /, ""),
      excerpt: (lines[1] ?? "").replace(/^- /, ""),
      state: kept.state,
      author: kept.author,
      updatedAt: kept.updatedAt,
      rolledBack: ROLLED_BACK.has(key),
    };
  });
}

function searched(info: NoteInfo, kept: Kept | undefined, text: string): NoteInfo | null {
  const line = (kept?.markdown ?? "")
    .split("\n")
    .find((one) => one.toLowerCase().includes(text.toLowerCase()));
  if (line === undefined && !`${info.service} ${info.version}`.includes(text)) return null;
  const excerpt = (line ?? info.excerpt)
    .replace(/^[#\-\s]+/, "")
    .replace(new RegExp(text.replace(/[^\p{L}\p{N} ]/gu, "\\$&"), "gi"), "\u0002$&\u0003");
  return { ...info, excerpt };
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** As much Markdown as the pictures need; the real one renders in Rust. */
function rendered(markdown: string): string {
  const inline = (text: string) =>
    escaped(text)
      .replace(/`([^`]+)`/g, "<code>$1</code>")
      .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
      .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>');
  return markdown
    .split(/\n{2,}|\n(?=#)|(?<=^#.*)\n/m)
    .filter((block) => block.trim() !== "")
    .map((block) => {
      const heading = /^(#{1,6}) (.*)/.exec(block);
      if (heading) {
        const level = heading[1]?.length ?? 1;
        return `<h${level}>${inline(heading[2] ?? "")}</h${level}>`;
      }
      if (block.startsWith("- ")) {
        const items = block.split("\n").filter(Boolean);
        return `<ul>${items.map((item) => `<li>${inline(item.slice(2))}</li>`).join("")}</ul>`;
      }
      return `<p>${inline(block)}</p>`;
    })
    .join("");
}

const VERSIONS = ["2.4.1", "2.4.0", "2.3.7", "2.3.6", "2.3.4"];

export const noteHandlers: Handlers = {
  note_list: ({ text, state, service }, world) => {
    const kept = notes(world);
    const found = noteInfos(world)
      .filter((info) => state === null || info.state === state)
      .filter((info) => service === null || info.service === service)
      .flatMap((info) => {
        if (text.trim() === "") return [info];
        const hit = searched(info, kept.get(`${info.service} ${info.version}`), text.trim());
        return hit ? [hit] : [];
      });
    return { notes: found };
  },
  note_get: ({ service, version }, world): Note => {
    const kept = notes(world).get(`${service} ${version}`);
    return {
      service,
      version,
      markdown: kept?.markdown ?? "",
      html: rendered(kept?.markdown ?? ""),
      state: kept?.state ?? "draft",
      author: kept?.author ?? null,
      updatedAt: kept?.updatedAt ?? null,
      previousVersion: service === "checkout" && version === "2.4.1" ? "2.3.7" : null,
      releasedAt: Date.now() - 3 * DAY,
      commits: service === "checkout" && version.startsWith("2.4") ? checkoutCommits : [],
      tagMessage: kept ? null : `Release ${version}\n\nWhat the tag says of it.`,
    };
  },
  note_save: async ({ service, version, markdown, state }, world) => {
    await pause(60);
    const updatedAt = Date.now();
    notes(world).set(`${service} ${version}`, { markdown, state, author: "Lena M.", updatedAt });
    return { updatedAt };
  },
  note_draft: ({ features, fixes }) => {
    const lines = (kind: CommitKind) =>
      checkoutCommits
        .filter((one) => one.kind === kind)
        .map((one) => `- ${one.subject} ${one.id.slice(0, 7)}`)
        .join("\n");
    return {
      markdown: `## ${features}\n\n${lines("feature")}\n\n## ${fixes}\n\n${lines("fix")}\n`,
      commits: checkoutCommits.length,
      unavailable: null,
      templateMissing: false,
    };
  },
  markdown_render: ({ markdown }) => ({ html: rendered(markdown) }),
  moved_tags: () => ({ tags: [] }),
  versions: (_, world) => ({
    versions: VERSIONS.map((version, at) => ({
      version,
      tag: `v${version}`,
      at: Date.now() - at * 9 * DAY,
      unversioned: false,
      hasNote: notes(world).has(`checkout ${version}`),
      liveIn: at === 0 ? ["prod-eu", "prod-us"] : [],
    })),
  }),
};
