import { describe, expect, it } from "vitest";
import { cloneName, isCloneAddress, joinPath, tailOf } from "./paths";

describe("paths", () => {
  it.each([
    ["/home/lena/harbor/services", "harbor/services"],
    ["C:\\work\\harbor\\services\\", "harbor/services"],
    ["/services", "services"],
  ])("%s is known as %s", (path, tail) => expect(tailOf(path)).toBe(tail));

  // The names are those that `git clone` chooses.
  it.each([
    ["https://git.example/harbor/payments.git", "payments"],
    ["https://git.example/harbor/payments/", "payments"],
    ["git@git.example:harbor/payments.git", "payments"],
    ["git@git.example:payments", "payments"],
  ])("%s is cloned as %s", (url, name) => expect(cloneName(url)).toBe(name));

  it("joins with the separator of the folder", () => {
    expect(joinPath("/home/lena", "x")).toBe("/home/lena/x");
    expect(joinPath("/", "x")).toBe("/x");
    expect(joinPath("C:\\work", "x")).toBe("C:\\work\\x");
  });

  it.each([
    ["https://git.example/harbor/payments.git", true],
    ["ssh://git@git.example:2222/harbor/payments.git", true],
    ["git@git.example:harbor/payments.git", true],
    ["ext::sh -c touch% /tmp/x", false],
    ["--upload-pack=touch", false],
    ["https://", false],
    ["payments", false],
  ])("%s can be cloned: %s", (url, can) => expect(isCloneAddress(url)).toBe(can));
});
