import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Finding, Plan } from "@/ipc";
import { useAnswers } from "./usePlan";

const hpa: Finding = { code: "hpa", result: "warn", subject: null, facts: {}, key: "hpa" };
const plan = (target: string, ...findings: Finding[]) =>
  ({ from: { template: "live" }, to: { template: target }, findings }) as unknown as Plan;

/** The answers to a plan whose one check was acknowledged, and a way to make it another plan. */
function acknowledged() {
  const hook = renderHook(({ of }) => useAnswers(of), { initialProps: { of: plan("a", hpa) } });
  act(() => hook.result.current.acknowledge(hpa, true));
  return hook;
}

it("what was acknowledged stays so when the same change is planned again", () => {
  const { result, rerender } = acknowledged();
  rerender({ of: plan("a", { ...hpa }) });
  expect(result.current.missing).toEqual([]);
  expect([...result.current.acknowledged]).toEqual(["hpa"]);
});

it("another target asks for it anew, and going back does not", () => {
  const { result, rerender } = acknowledged();
  rerender({ of: plan("b", hpa) });
  expect(result.current.missing).toEqual([hpa]);
  expect([...result.current.acknowledged]).toEqual([]);
  rerender({ of: plan("a", hpa) });
  expect(result.current.missing).toEqual([]);
});

it("a check that came out otherwise is acknowledged anew", () => {
  const { result, rerender } = acknowledged();
  const unknown: Finding = { ...hpa, result: "unknown" };
  rerender({ of: plan("a", unknown) });
  expect(result.current.missing).toEqual([unknown]);
});
