// The budget of the first script: what index.html loads before anything is drawn, gzipped.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const MOST = 350_000;
const dist = join(import.meta.dirname, "dist");
const page = readFileSync(join(dist, "index.html"), "utf8");
const scripts = [...page.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map((found) => found[1]);
const bytes = scripts.map((path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length);
const total = bytes.reduce((sum, one) => sum + one, 0);
const inline = /<script(?![^>]*\bsrc=)/.test(page);

process.stdout.write(
  `first script: ${(total / 1000).toFixed(1)} kB gzipped, at most ${MOST / 1000}\n`,
);
if (scripts.length === 0 || total > MOST || inline) {
  const why = inline
    ? "index.html has an inline script"
    : "the first script is too large, or missing";
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
