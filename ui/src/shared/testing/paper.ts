import { afterAll, beforeAll, beforeEach, vi } from "vitest";

/** A context that takes every call and measures six pixels a letter: layout is tested, paint is not. */
const paper = new Proxy(
  { measureText: (text: string) => ({ width: text.length * 6 }) },
  {
    get: (target, name) =>
      name in target
        ? target[name as keyof typeof target]
        : () => ({ addColorStop: () => undefined }),
    set: () => true,
  },
);

/**
 * Canvases to draw on, and a window of this size around them, for all tests of a file. A double: what it draws, nobody
 * sees. The size may change between tests.
 */
export function drawOnPaper(size = { width: 1000, height: 640 }): {
  width: number;
  height: number;
} {
  beforeAll(() => {
    vi.stubGlobal(
      "ResizeObserver",
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    );
    vi.stubGlobal("matchMedia", () => ({
      matches: false,
      addEventListener() {},
      removeEventListener() {},
    }));
    vi.stubGlobal("CSS", { escape: (name: string) => name, supports: () => false });
    Object.defineProperty(document, "fonts", {
      configurable: true,
      value: { load: () => Promise.resolve([]), addEventListener() {}, removeEventListener() {} },
    });
  });
  beforeEach(() => {
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(paper as never);
    vi.spyOn(Element.prototype, "clientWidth", "get").mockImplementation(() => size.width);
    vi.spyOn(Element.prototype, "clientHeight", "get").mockImplementation(() => size.height);
  });
  afterAll(() => vi.unstubAllGlobals());
  return size;
}
