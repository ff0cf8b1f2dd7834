import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { call, connect } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import { keyOf } from "@/ipc/query";
import { followEvents } from "./live";

it("reads anew what may be rolled back when the workspace is switched to read-only, and back", async () => {
  connect(createFakeHost("workspace"));
  const client = new QueryClient();
  const stop = followEvents(client);
  client.setQueryData(keyOf("app_state", null), await call("app_state", null));
  const details = keyOf("deployment_details", { id: 1 });
  for (const on of [true, false]) {
    client.setQueryData(details, {});
    await call("read_only_set", { on });
    expect(client.getQueryState(details)?.isInvalidated, `switched ${on}`).toBe(true);
  }
  stop();
});
