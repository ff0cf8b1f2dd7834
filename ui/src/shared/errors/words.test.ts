import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "@/ipc";
import { errorReport, errorWords } from "./words";

describe("errors in words", () => {
  it.each(ERROR_CODES)("%s says what happened and what to do next", (code) => {
    const words = errorWords({ code, parameters: {}, details: "", retryable: false });
    expect(words.title).not.toBe("");
    expect(words.next).toMatch(/\S/);
    expect(words.next).not.toBe(words.title);
  });

  it("names to what it happened", () => {
    const parameters = { path: "/w/tidemark.toml", line: "7", column: "8" };
    const error = {
      code: "workspace-invalid",
      parameters,
      details: "d",
      retryable: false,
    } as const;
    expect(errorWords(error).title).toBe("/w/tidemark.toml is wrong in line 7, column 8");
  });

  it.each([
    ["kubeconfig-unreadable", "kubeconfig-unreadable", {}, "/k could not be read"],
    ["kubeconfig-unreadable", "kubeconfig-not-a-file", {}, "/k is no regular file"],
    ["kubeconfig-unreadable", "kubeconfig-too-large", { limit: "4" }, "larger than 4 MiB"],
    ["kubeconfig-unreadable", "kubeconfig-not-text", { line: "2" }, "line 2 that are no text"],
    [
      "kubeconfig-unreadable",
      "kubeconfig-malformed",
      { line: "3", column: "5" },
      "in line 3, column 5",
    ],
    ["kubeconfig-unreadable", "kubeconfig-malformed", { line: "0" }, "cannot be understood"],
    ["kubeconfig-unreadable", "kubeconfig-not-mergeable", {}, "the files before it"],
    ["context-unusable", "kubeconfig-incomplete-context", {}, "eu cannot be used"],
    ["context-unusable", "kubeconfig-auth-provider", { provider: "gcp" }, "auth-provider gcp"],
    ["exec-failed", "exec-plugin-not-started", {}, "/l could not be started"],
    ["exec-failed", "exec-plugin-timed-out", { seconds: "20" }, "within 20 s"],
    ["exec-failed", "exec-plugin-too-much-output", { limit: "64" }, "more than 64 KiB"],
    ["exec-failed", "exec-plugin-failed", { status: "exit status: 3" }, "(exit status: 3)"],
    ["exec-failed", "exec-plugin-no-credentials", {}, "no credentials"],
  ] as const)("of %s by %s says what exactly", (code, problem, facts, said) => {
    const parameters = { path: "/k", context: "eu", command: "/l", problem, ...facts };
    const words = errorWords({ code, parameters, details: "", retryable: false });
    expect(words.title).toContain(said);
    expect(`${words.title} ${words.next}`).not.toContain("?");
  });

  it("reports the words, the code, the facts and the chain", () => {
    const report = errorReport({
      code: "cluster-unreachable",
      parameters: { cluster: "eu" },
      details: "connection refused",
      retryable: true,
    });
    for (const part of ["eu does not answer", "code: cluster-unreachable", "connection refused"]) {
      expect(report).toContain(part);
    }
  });
});
