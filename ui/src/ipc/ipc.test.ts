import { describe, expect, it, vi } from "vitest";
import { asWireError, CommandError, call, chooseHost, connect, isInsideTauri, listen } from ".";
import { createFakeHost, startOf } from "./fake";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({ invoke }));

describe("choosing the host", () => {
  it("takes Tauri's inside the program and the fake one elsewhere", async () => {
    expect(isInsideTauri({})).toBe(false);
    expect(isInsideTauri({ __TAURI_INTERNALS__: {} })).toBe(true);
    const { tauriHost } = await import("./tauri");
    expect(await chooseHost({ __TAURI_INTERNALS__: {} })).toBe(tauriHost);
    const fake = await chooseHost({});
    expect((await fake.call("app_state", null)).workspace).toBeNull();
  });

  it("begins a plain browser as its address says", () => {
    expect(startOf("?start=offline")).toBe("offline");
    expect(startOf("?start=nonsense")).toBe("welcome");
    expect(startOf("")).toBe("welcome");
  });
});

describe("Tauri's host", () => {
  it("sends a request under its name, null where there is none", async () => {
    const { tauriHost } = await import("./tauri");
    invoke.mockResolvedValue(null);
    await tauriHost.call("workspace_open", { path: "/w/tidemark.toml" });
    expect(invoke).toHaveBeenLastCalledWith("workspace_open", {
      request: { path: "/w/tidemark.toml" },
    });
    await tauriHost.call("demo_open", null);
    expect(invoke).toHaveBeenLastCalledWith("demo_open", { request: null });
  });

  it("rejects with the code that the backend gave", async () => {
    connect((await import("./tauri")).tauriHost);
    const wire = {
      code: "file-failed",
      parameters: { path: "/x" },
      details: "EACCES",
      retryable: false,
    } as const;
    invoke.mockRejectedValue(wire);
    const failure = await call("log_folder_open", null).catch((thrown) => thrown);
    expect(failure).toBeInstanceOf(CommandError);
    expect(failure.wire).toEqual(wire);
  });

  it("calls whatever else is thrown a defect, and keeps its words", () => {
    expect(asWireError(new TypeError("x is not a function"))).toEqual({
      code: "internal",
      parameters: {},
      details: "TypeError: x is not a function",
      retryable: false,
    });
  });
});

describe("the connection", () => {
  it("carries commands and events of the host it was given, until it is told to stop", async () => {
    connect(createFakeHost("workspace"));
    const heard: boolean[] = [];
    const stop = listen("app_changed", (state) => heard.push(state.workspace?.readOnly ?? false));
    await call("read_only_set", { on: true });
    await expect.poll(() => heard).toEqual([true]);
    stop();
    await call("read_only_set", { on: false });
    expect(heard).toEqual([true]);
  });

  it("fails with a code whatever a host throws", async () => {
    connect(createFakeHost("demo", { search: () => Promise.reject(new Error("own handler")) }));
    const failure = await call("search", { text: "x", limit: 1 }).catch((thrown) => thrown);
    expect(failure.wire).toMatchObject({ code: "internal", details: "Error: own handler" });
  });
});
