import { afterEach, describe, expect, it } from "vitest";
import type { Commit, Comparison, SideInfo } from "@/ipc";
import { setLocale } from "@/paraglide/runtime";
import { readMoment, writeMoment } from "@/shared/time/moment";
import { canRollBack, countsOf, fileLines, groupCommits, initials } from "./groups";
import { report } from "./report";
import { sentence } from "./sentence";
import { requestOf, routeOf, sidesOfRoute, withService } from "./sides";
import { differenceName, differenceValues, imageParts, quantityWords, spanWords } from "./words";

afterEach(() => void setLocale("en", { reload: false }));

const DAY = 86_400_000;
const A_AT = Date.UTC(2026, 10, 10, 8, 31);

function side(version: string, from: number | null, part: Partial<SideInfo> = {}): SideInfo {
  return {
    service: "checkout",
    environment: "prod-eu",
    version,
    deployment: 1,
    status: "healthy",
    from,
    to: null,
    strip: [],
    commit: null,
    tag: null,
    ...part,
  };
}

function commit(kind: Commit["kind"], author: string, subject = "s"): Commit {
  return {
    id: "b81f20c".padEnd(40, "0"),
    subject,
    author,
    at: 0,
    kind,
    scope: null,
    breaking: false,
    release: null,
  };
}

/** `count` commits by `people`, of which so many are features and fixes. */
function commits(count: number, people: number, features: number, fixes: number): Commit[] {
  return Array.from({ length: count }, (_, at) =>
    commit(at < features ? "feature" : at < features + fixes ? "fix" : "other", `p${at % people}`),
  );
}

function comparison(part: Partial<Comparison> = {}): Comparison {
  return {
    a: side("2.3.7", A_AT, { to: A_AT + 9 * DAY }),
    b: side("2.4.1", A_AT + 9 * DAY + 2 * 3_600_000, { deployment: 2 }),
    commits: { added: [], removed: [], authors: 0, unavailable: null, truncated: false },
    files: { files: [], added: 0, removed: 0, unavailable: null },
    template: { differences: [], images: 0, settings: 0, yamlA: "", yamlB: "" },
    configuration: [],
    configurationUnknown: [],
    notes: [],
    migrations: [],
    ...part,
  };
}

const added = (list: Commit[], authors: number): Comparison["commits"] => ({
  added: list,
  removed: [],
  authors,
  unavailable: null,
  truncated: false,
});
const template = (images: number, settings: number): Comparison["template"] => ({
  differences: [],
  images,
  settings,
  yamlA: "",
  yamlB: "",
});
const whole = (given: Comparison) => {
  const { lead, rest } = sentence(given);
  return `${lead} ${rest}`;
};

describe("the sentence", () => {
  const picture = comparison({
    commits: added(commits(28, 6, 4, 7), 6),
    template: template(1, 3),
    migrations: ["58"],
  });
  const single = comparison({
    b: side("2.4.1", A_AT + DAY, { deployment: 2 }),
    commits: added(commits(1, 1, 0, 1), 1),
    template: template(0, 1),
    migrations: ["1", "2"],
  });

  it("is the one of the design", () => {
    expect(whole(picture)).toBe(
      "A to B in 9 days: 28 commits by 6 people bring 4 features and 7 fixes; " +
        "1 image and 3 settings change; 1 migration.",
    );
  });

  it("agrees in number when there is one of each", () => {
    expect(whole(single)).toBe(
      "A to B in 1 day: 1 commit by 1 person brings 1 fix; 1 setting changes; 2 migrations.",
    );
  });

  it("is said in Chinese", () => {
    setLocale("zh", { reload: false });
    expect(whole(picture)).toBe(
      "从 A 到 B，历时 9 天： 6 人的 28 个提交带来 4 个新功能和 7 个修复；" +
        "1 个镜像和 3 项设置发生变化；1 个数据库迁移。",
    );
    expect(whole(single)).toBe(
      "从 A 到 B，历时 1 天： 1 人的 1 个提交带来 1 个修复；1 项设置发生变化；2 个数据库迁移。",
    );
  });

  it("says what goes away when B is the older one", () => {
    const back = comparison({
      a: picture.b,
      b: picture.a,
      commits: { ...picture.commits, added: [], removed: commits(28, 6, 4, 7) },
    });
    expect(whole(back)).toBe("A back to B, 9 days earlier: 28 commits of A are not in B.");
  });

  it("counts the people of what B adds, not of what it lacks", () => {
    const diverged = comparison({
      commits: {
        added: commits(2, 2, 0, 0),
        removed: commits(1, 1, 0, 0),
        authors: 3,
        unavailable: null,
        truncated: false,
      },
    });
    expect(sentence(diverged).rest).toBe("2 commits by 2 people; 1 commit of A is not in B.");
  });

  it("does not pass off what is unknown as nothing", () => {
    const unknown = comparison({
      commits: { ...added([], 0), unavailable: "no-repository" },
      template: null,
    });
    expect(sentence(unknown).rest).toBe(
      "its commits are not known here; the pod template of one side is not known.",
    );
    expect(
      sentence(comparison({ commits: { ...added(commits(500, 9, 1, 0), 9), truncated: true } }))
        .rest,
    ).toContain("more than 500 commits by 9 people bring 1 feature");
  });

  it("says when nothing differs, and when both are the same version", () => {
    expect(sentence(comparison()).rest).toBe("nothing differs in what is known here.");
    const same = comparison({ b: side("2.3.7", A_AT, { environment: "prod-us" }) });
    expect(sentence(same).lead).toBe("The same version on both sides:");
  });

  it("counts keys of configuration", () => {
    const keys = [{ key: "express", old: "off", new: "on" }];
    const one = comparison({ configuration: [{ kind: "ConfigMap", name: "f", keys }] });
    expect(sentence(one).rest).toBe("1 configuration key changes.");
  });
});

describe("commits", () => {
  it("are grouped in their order", () => {
    const list = [commit("fix", "a", "1"), commit("other", "b", "2"), commit("fix", "c", "3")];
    const { feature, fix, other } = groupCommits(list);
    expect([feature, fix, other].map((one) => one.map((c) => c.subject))).toEqual([
      [],
      ["1", "3"],
      ["2"],
    ]);
  });
  it.each([
    ["Jonas Kern", "JK"],
    ["Anna Maria van Dyk", "AD"],
    ["renovate[bot]", "RB"],
    ["lena", "LE"],
    ["李伟", "李"],
    ["", "?"],
  ])("%s is %s", (name, letters) => expect(initials(name)).toBe(letters));
});

describe("files", () => {
  it("that are not counted are never 0", () => {
    const file = { path: "p", added: null, removed: null, notHere: false };
    expect(fileLines(file)).toEqual({ kind: "binary" });
    expect(fileLines({ ...file, notHere: true })).toEqual({ kind: "not-here" });
    expect(fileLines({ ...file, added: 0, removed: 0 })).toEqual({
      kind: "counted",
      added: 0,
      removed: 0,
    });
  });
});

describe("what is counted", () => {
  it("is unknown where the repository or the template is", () => {
    const counts = countsOf(
      comparison({
        commits: { ...added([], 0), unavailable: "no-tag" },
        files: { files: [], added: 0, removed: 0, unavailable: "no-tag" },
        template: null,
      }),
    );
    expect(counts).toMatchObject({ commits: null, files: null, manifests: null });
  });
});

describe("a difference in words", () => {
  it("names resources and units as people do", () => {
    const memory = {
      kind: "resource",
      container: "app",
      name: "limits.memory",
      old: "256Mi",
      new: "512Mi",
    } as const;
    expect(differenceName(memory).words).toBe("memory limit");
    expect(differenceValues(memory)).toMatchObject({ old: "256 MiB", new: "512 MiB" });
    expect(quantityWords("250m")).toBe("250m");
    expect(quantityWords("1.5Gi")).toBe("1.5 GiB");
  });
  it("shortens an image to what differs in it", () => {
    expect(imageParts("reg:5000/shop/a:2.3.7", "reg:5000/shop/a:2.4.1")).toEqual({
      repository: "reg:5000/shop/a",
      old: "2.3.7",
      new: "2.4.1",
    });
    expect(imageParts("one/a:1", "two/a:1")).toMatchObject({ repository: null, old: "one/a:1" });
    expect(imageParts("reg:5000/a", "reg:5000/a:1").repository).toBeNull();
    expect(imageParts(null, "a:1")).toEqual({ repository: null, old: null, new: "a:1" });
  });
});

describe("a side's time", () => {
  const now = Date.UTC(2026, 10, 19, 12, 38);
  it.each([
    [
      { from: A_AT, to: A_AT + 9 * DAY + 126 * 60_000, deployment: 1 },
      "10 Nov 09:31 to today 11:37, ran 9 d 2 h",
    ],
    [{ from: now - 121 * 60_000, to: null, deployment: 1 }, "since today 11:37, for 2 h 1 min"],
    [{ from: A_AT, to: null, deployment: null }, "tagged 10 Nov 09:31"],
    [{ from: null, to: null, deployment: 1 }, "time not known"],
  ])("%j", (given, words) => expect(spanWords(given, "Europe/Berlin", now)).toBe(words));
});

describe("going back to A", () => {
  const { a, b } = comparison();
  it.each([
    ["an earlier deployment of the same lane", { a, b }, true],
    ["a later one", { a: b, b: a }, false],
    ["another environment", { a: { ...a, environment: "prod-us" }, b }, false],
    ["another service", { a: { ...a, service: "cart" }, b }, false],
    ["a version that never ran", { a: { ...a, deployment: null }, b }, false],
    ["the same deployment", { a, b: a }, false],
  ])("%s", (_, sides, can) => expect(canRollBack(sides)).toBe(can));
});

describe("sides", () => {
  it("are asked for once they are whole", () => {
    expect(requestOf({ kind: "version", version: "1.0.0" }, null)).toBeNull();
    expect(requestOf({ kind: "deployment", deployment: 7 }, null)).toEqual({
      kind: "deployment",
      id: 7,
    });
    expect(requestOf({ kind: "environment", environment: "eu", at: 5 }, "cart")).toEqual({
      kind: "environment",
      service: "cart",
      environment: "eu",
      at: 5,
    });
  });
  it("survive the way through a route", () => {
    const sides = {
      service: "cart",
      a: { kind: "version", version: "1.0.0" },
      b: { kind: "environment", environment: "eu" },
    } as const;
    expect(sidesOfRoute(routeOf(sides))).toEqual(sides);
    expect(sidesOfRoute({ name: "compare" })).toBeNull();
  });
  it("keep environments, and drop versions, of another service", () => {
    const sides = {
      service: "cart",
      a: { kind: "version", version: "1.0.0" },
      b: { kind: "environment", environment: "eu" },
    } as const;
    expect(withService(sides, "tax")).toEqual({ service: "tax", a: null, b: sides.b });
  });
});

describe("a moment as it is typed", () => {
  it("is the wall clock of the zone, and nothing that is none", () => {
    const noon = Date.UTC(2026, 10, 19, 11, 0);
    expect(writeMoment(noon, "Europe/Berlin")).toBe("2026-11-19 12:00");
    expect(readMoment("2026-11-19 12:00", "Europe/Berlin")).toBe(noon);
    expect(readMoment("2026-06-31 12:00", "Europe/Berlin")).toBeNull();
    expect(readMoment("yesterday", "Europe/Berlin")).toBeNull();
  });
});

describe("the report", () => {
  it("says everything, and no Secret's value", () => {
    const text = report(
      comparison({
        commits: added([commit("feature", "Jonas Kern", "Gift wrap")], 1),
        configuration: [
          { kind: "ConfigMap", name: "features", keys: [{ key: "express", old: null, new: "on" }] },
          { kind: "Secret", name: "pay", keys: [{ key: "api", old: "hunter2", new: "hunter3" }] },
        ],
        files: {
          files: [{ path: "logo.webp", added: null, removed: null, notHere: false }],
          added: 0,
          removed: 0,
          unavailable: null,
        },
      }),
      "Europe/Berlin",
      A_AT + 10 * DAY,
    );
    for (const words of [
      "# checkout 2.3.7 in prod-eu compared with checkout 2.4.1 in prod-eu",
      "**A to B in 9 days:** 1 commit by 1 person brings 1 feature;",
      "## Features\n\n- Gift wrap (Jonas Kern, b81f20c)",
      "- features, express: none to on",
      "- pay, api: differs; its value is never shown",
      "- logo.webp (binary)",
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain("hunter");
  });
});
