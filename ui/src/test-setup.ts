import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// What jsdom lacks of a browser, as far as the components ask for it.
vi.stubGlobal("CSS", {
  ...globalThis.CSS,
  escape: (text: string) => text.replace(/[^\w-]/g, "\\$&"),
});

if (typeof window !== "undefined") {
  window.matchMedia ??= (query: string) =>
    Object.assign(new EventTarget(), {
      matches: false,
      media: query,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    }) as MediaQueryList;
}

configure({ asyncUtilTimeout: 5000 });
afterEach(cleanup);
