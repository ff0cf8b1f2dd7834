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
