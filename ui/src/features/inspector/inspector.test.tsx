import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useEffect, useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { connect, type DeploymentDetails, type RollbackOffer } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import { currentRow, detailsHandlers, tell } from "@/ipc/fake/details";
import { createWorld } from "@/ipc/fake/world";
import { AppStateProvider } from "@/shared/appState";
import { applyLocale } from "@/shared/i18n/locale";
import { ActionRegistry, ActionsProvider } from "@/shared/keys/actions";
import { useKeys } from "@/shared/keys/useKeys";
import { NavigationProvider, useNavigation } from "@/shared/navigation/navigation";
import { SelectionProvider, useSelection } from "@/shared/navigation/selection";
import Inspector from "./aside";
import { detailsReport } from "./report";
import {
  againWords,
  caseWords,
  offWords,
  rangeWords,
  runningWords,
  sourceWords,
  versionWords,
} from "./words";

afterEach(() => applyLocale("en"));

const lane = { service: "payments", environment: "prod-eu" };
const elsewhere = { service: "cart", environment: "staging" };
const id = tell(currentRow(lane.service, lane.environment) as number).id;
const world = createWorld("workspace", Date.now());
const sample = (await detailsHandlers.deployment_details?.(
  { id },
  world,
  () => {},
)) as DeploymentDetails;

function Place() {
  const { selected, inspected, select } = useSelection();
  const { overlay, screen: place } = useNavigation();
  useKeys({ singleLetters: true, rest: false });
  useEffect(() => {
    if (!selected) select({ deployment: id, lane });
  }, [selected, select]);
  return (
    <>
      <Inspector />
      <output>{JSON.stringify(overlay ?? place)}</output>
      <button type="button" onClick={() => select({ deployment: 99, lane: elsewhere })}>
        Select another
      </button>
      <p>{`inspected ${inspected?.deployment}, selected ${selected?.deployment}`}</p>
    </>
  );
}

/** The workspace as the switch in the settings leaves it. */
function Switched({ children }: { children: ReactNode }) {
  const [readOnly, setReadOnly] = useState(false);
  const workspace = world.app.workspace && { ...world.app.workspace, readOnly };
  return (
    <AppStateProvider state={{ ...world.app, workspace }}>
      {children}
      <button type="button" onClick={() => setReadOnly(true)}>
        Switch to read-only
      </button>
    </AppStateProvider>
  );
}

async function show(details: DeploymentDetails = sample) {
  connect(createFakeHost("workspace", { deployment_details: () => details }));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ActionsProvider registry={new ActionRegistry()}>
        <NavigationProvider start={{ name: "timeline" }}>
          <SelectionProvider>
            <Switched>
              <Place />
            </Switched>
          </SelectionProvider>
        </NavigationProvider>
      </ActionsProvider>
    </QueryClientProvider>,
  );
  await screen.findByRole("article");
  return { user: userEvent.setup() };
}

const where = () => JSON.parse(document.querySelector("output")?.textContent ?? "{}");

const offer = (part: Partial<RollbackOffer>): DeploymentDetails => ({
  ...sample,
  rollback: { ...sample.rollback, ...part },
});

describe("the inspector", () => {
  it("says in a plain sentence what is the case", async () => {
    await show();
    const text = "3 of 6 pods never became ready (ImagePullBackOff). 1.41.2 serves.";
    expect(screen.getByText(text)).toBeTruthy();
  });

  it("says that it still serves while what took its place fails, and as what it went on", () => {
    const past: DeploymentDetails = {
      ...sample,
      version: "1.41.2",
      current: false,
      status: "healthy",
      settled: { earliest: 0, latest: 0 },
      failed: null,
      ended: { earliest: 3_600_000, latest: 3_600_000 },
      previousServes: null,
    };
    const said = (part: Partial<DeploymentDetails>) => caseWords({ ...past, ...part }, 7_200_000);
    expect(said({})).toMatch(/^It ran .+ until another version took its place\.$/);
    expect(said({ stillServes: true })).toBe(
      "Another version was deployed in its place. 1.41.2 still serves.",
    );
    const running = { deployment: 2, version: "1.42.0", since: 3_600_000 };
    expect(runningWords(running, "UTC", 7_200_000, true)).toMatch(/^1\.42\.0 was deployed /);
    expect(said({ continuedAs: "configuration" })).toMatch(/until its configuration changed\.$/);
    expect(said({ continuedAs: "restart" })).toMatch(/until it was restarted\.$/);
  });

  it("opens the sheet by its button, and by R", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: /Roll back to 1\.41\.2/ }));
    expect(where()).toEqual({ name: "rollback", lane });
  });

  it("lists each of several workloads, goes to one, and rolls back the one that is shown", async () => {
    const own = sample.workload;
    if (!own) throw new Error("the sample has a workload");
    const now = { kind: own.kind, namespace: own.namespace, status: "healthy" } as const;
    const { user } = await show({
      ...sample,
      workloads: [
        { ...now, name: own.name, version: sample.version, deployment: id },
        { ...now, name: "payments-worker", version: "1.41.2", deployment: 77 },
      ],
    });
    expect(screen.getByText("this one")).toBeTruthy();
    await user.keyboard("r");
    expect(where()).toEqual({
      name: "rollback",
      lane,
      target: { deployment: sample.rollback.deployment },
    });
    await user.click(screen.getByRole("button", { name: "Show payments-worker" }));
    expect(screen.getByText("inspected 77, selected 77")).toBeTruthy();
  });

  it("offers no rollback from the moment the workspace is switched to read-only", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: "Switch to read-only" }));
    const button = screen.getByRole("button", { name: /Roll back to 1\.41\.2/ });
    expect(button.hasAttribute("disabled"), "the details were read before").toBe(true);
    expect(screen.getByText(/Off: the workspace is read-only/)).toBeTruthy();
    await user.keyboard("r");
    expect(where()).toEqual({ name: "timeline" });
  });

  it("opens the sheet by R alone", async () => {
    const { user } = await show();
    await user.keyboard("r");
    expect(where()).toEqual({ name: "rollback", lane });
  });

  it("says why the button is off, and R does nothing then", async () => {
    const { user } = await show(offer({ off: "read-only" }));
    const button = screen.getByRole("button", { name: /Roll back to/ });
    expect(button.hasAttribute("disabled")).toBe(true);
    expect(screen.getByText(/Off: the workspace is read-only/)).toBeTruthy();
    await user.keyboard("r");
    expect(where().name).toBe("timeline");
  });

  it("offers no way back from what does not run, but to it, and shows what runs", async () => {
    const past: DeploymentDetails = {
      ...offer({ version: sample.version, deployment: id, ran: 3_600_000, knownGood: false }),
      current: false,
      status: "rolled-back",
      running: { deployment: 31, version: "1.41.2", since: Date.now() },
    };
    const { user } = await show(past);
    expect(screen.queryByRole("button", { name: /Roll back to \d/ })).toBeNull();
    expect(screen.getByText(/1\.41\.2 runs since/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /Roll back to this version/ }));
    expect(where()).toEqual({ name: "rollback", lane, target: { deployment: id } });
    await user.click(screen.getByRole("button", { name: "Show what runs" }));
    expect(screen.getByText(/selected 31$/)).toBeTruthy();
  });

  it("speaks of the pod template on the way to the same version", async () => {
    const past: DeploymentDetails = {
      ...offer({ version: sample.version, deployment: id, ran: 3_600_000 }),
      current: false,
      running: { deployment: 31, version: sample.version, since: null },
    };
    const { user } = await show(past);
    expect(screen.queryByRole("button", { name: /to this version/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: /Roll back to this pod template/ }));
    expect(where()).toEqual({ name: "rollback", lane, target: { deployment: id } });
  });

  it("compares with the deployment before it in its lane, by its button as by C", async () => {
    const changed = { ...sample.changed, previousDeployment: 41 } as DeploymentDetails["changed"];
    const { user } = await show({ ...sample, changed });
    await user.click(screen.getByRole("button", { name: "Compare" }));
    const compared = {
      name: "compare",
      service: "payments",
      left: { kind: "deployment", deployment: 41 },
      right: { kind: "deployment", deployment: id },
    };
    expect(where()).toEqual(compared);
  });

  it.each([
    [3_373_000, "healthy", "It ran 56 min 13 s. Not known good: it ran less than 24 h."],
    [90_000_000, "rolled-back", "It ran 1 d 1 h. Not known good: it was rolled back."],
    [90_000_000, "healthy", "It ran 1 d 1 h."],
  ] as const)("says what is wrong with what ran %d ms and is %s", (ran, status, text) => {
    const rollback = { ...sample.rollback, ran, knownGood: false, off: null };
    const said = againWords({ ...sample, status, rollback });
    expect(said.text).toBe(text);
    expect(said.kind === "warn", "a warning says why").toBe(text.includes("Not known good"));
  });

  it("does not offer the template that runs", async () => {
    await show({
      ...offer({ off: "runs-now" }),
      current: false,
      running: { deployment: 31, version: sample.version, since: null },
    });
    expect(screen.queryByRole("button", { name: /Roll back/ })).toBeNull();
    expect(screen.getByText("What runs now has the same pod template.")).toBeTruthy();
  });

  it("marks a target that the cluster has pruned, and one that is known good", async () => {
    const target = { deployment: 7, version: "1.40.0", lastRan: Date.now(), ran: null };
    const targets = [{ ...target, fromLedger: true, knownGood: true, failed: false }];
    const { user } = await show(offer({ targets }));
    await user.click(screen.getByRole("button", { name: "Other targets" }));
    const item = await screen.findByRole("menuitem");
    expect(item.textContent).toMatch(/known good · from the ledger/);
    await user.click(item);
    await waitFor(() =>
      expect(where()).toEqual({ name: "rollback", lane, target: { deployment: 7 } }),
    );
  });

  it("stays on what is pinned while the selection moves on, and follows again", async () => {
    const { user } = await show();
    const button = screen.getByRole("button", { name: "Keep this deployment here" });
    button.focus();
    await user.keyboard("{Enter}");
    await user.click(screen.getByRole("button", { name: "Select another" }));
    expect(screen.getByText(`inspected ${id}, selected 99`)).toBeTruthy();
    await user.keyboard("r");
    expect(where().name, "R means what is selected, not what is pinned").toBe("timeline");
    await user.click(screen.getByRole("button", { name: "Follow the selection again" }));
    expect(screen.getByText("inspected 99, selected 99")).toBeTruthy();
  });

  it("closes what is pinned, too", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: "Keep this deployment here" }));
    await user.click(screen.getByRole("button", { name: "Select another" }));
    await user.click(screen.getByRole("button", { name: "Close the inspector" }));
    expect(screen.queryByText(`inspected ${id}, selected undefined`)).toBeNull();
  });

  it("never shows the author of a version as who deployed it", async () => {
    await show({ ...sample, who: { text: "Amara O.", source: "version-author" } });
    expect(
      screen.getByText("Amara O., author of the version; who deployed it is not known"),
    ).toBeTruthy();
  });

  it("shows all evidence on demand, disagreements too", async () => {
    const { user } = await show({
      ...sample,
      versionEvidence: [
        { source: "image-tag", value: "shop/payments:1.42.0", against: false },
        { source: "version-label", value: "1.41.9", against: true },
        { source: null, value: "image tag of an earlier row", against: false },
      ],
    });
    const against = "but label app.kubernetes.io/version says 1.41.9";
    expect(screen.queryByText(against)).toBeNull();
    await user.click(screen.getByRole("button", { name: "All evidence" }));
    expect(screen.getByText("image tag shop/payments:1.42.0")).toBeTruthy();
    expect(screen.getByText(against)).toBeTruthy();
    expect(screen.getByText("image tag of an earlier row"), "kept as it was written").toBeTruthy();
    await applyLocale("zh");
    expect(versionWords({ source: "image-tag", value: "a:1", against: false })).toBe(
      "镜像标签 a:1",
    );
  });

  it("marks a target that failed here", async () => {
    const target = { deployment: 7, version: "1.40.0", lastRan: Date.now(), ran: null };
    const targets = [{ ...target, fromLedger: false, knownGood: false, failed: true }];
    const { user } = await show(offer({ targets }));
    await user.click(screen.getByRole("button", { name: "Other targets" }));
    const item = await screen.findByRole("menuitem");
    expect(item.textContent).toMatch(/failed here/);
  });

  it("says that Events could not be read, and what would let them be", async () => {
    await show({ ...sample, eventsGap: "forbidden" });
    const namespace = sample.workload?.namespace;
    expect(
      screen.getByText(
        `This account may not list Events in namespace ${namespace}: what they tell of the hour before Tidemark started is not among the evidence. A role with "list" on "events" there lets them be read.`,
      ),
    ).toBeTruthy();
  });

  it("says nothing of Events that were read", async () => {
    await show();
    expect(screen.queryByText(/Events/)).toBeNull();
  });

  it("copies the whole digest, not the shortened one", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: "Copy the digest" }));
    expect(await navigator.clipboard.readText()).toBe(sample.digest);
  });
});

describe("its words", () => {
  it("names the change-cause as where a text is from, not as who acted", () => {
    expect(sourceWords({ text: "", source: "change-cause" })).toBe("from the change-cause");
  });

  it("says about when where both ends of a range read the same", () => {
    const day = Date.UTC(2026, 10, 19);
    const range = { earliest: day + 1000, latest: day + 58_000 };
    expect(rangeWords(range, "UTC", day)).toBe("about today 00:00");
  });

  it("tells a range as a range", () => {
    const day = Date.UTC(2026, 10, 19);
    const range = { earliest: day + 3_600_000, latest: day + 7_200_000 };
    expect(rangeWords(range, "UTC", day)).toBe("between today 01:00 and today 02:00");
    expect(rangeWords({ earliest: null, latest: day }, "UTC", day)).toBe(
      "by today 00:00 at the latest",
    );
  });

  it.each(["en", "zh"] as const)(
    "has words for every reason why the button is off, in %s",
    (locale) => {
      applyLocale(locale);
      const codes = [
        "offline",
        "read-only",
        "runs-now",
        "never-settled",
        "no-template",
        "no-target",
        "unbound",
        "no-replica-sets",
        "not-a-deployment",
      ];
      const words = codes.map(offWords);
      expect(new Set(words).size).toBe(codes.length);
      for (const text of words) expect(text).not.toMatch(/\{|^Off: \S+\.$/);
    },
  );

  it("says that what is seen of a stale cluster is old", () => {
    const now = Date.now();
    const live = {
      ...sample.live,
      stale: true,
      asOf: now - 47 * 60_000,
    } as DeploymentDetails["live"];
    expect(caseWords({ ...sample, live }, now)).toContain("As last seen 47 min ago.");
  });

  it("reports all of it as Markdown", () => {
    const report = detailsReport(sample, "UTC", Date.now());
    expect(report).toContain("# payments 1.42.0, prod-eu");
    expect(report).toContain(`- **Digest:** ${sample.digest}`);
  });
});
