import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { Button } from "@/shared/controls/Button";
import { Sheet } from "./Sheet";

function Opener() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>Open</Button>
      <Button>Behind</Button>
      <Sheet
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title="Roll back checkout"
        foot={
          <>
            <Button autoFocus onPress={() => setOpen(false)}>
              Cancel
            </Button>
            <Button>Go</Button>
          </>
        }
      >
        <p>Body</p>
      </Sheet>
    </>
  );
}

async function opened() {
  const user = userEvent.setup();
  render(<Opener />);
  await user.click(screen.getByText("Open"));
  return user;
}

describe("a sheet", () => {
  it("begins on Cancel, and is named by its title", async () => {
    await opened();
    expect(document.activeElement?.textContent).toBe("Cancel");
    expect(screen.getByRole("dialog", { name: "Roll back checkout" })).toBeTruthy();
  });

  it("keeps the focus inside", async () => {
    const user = await opened();
    const visited = new Set<string>();
    for (let tab = 0; tab < 6; tab += 1) {
      await user.tab();
      visited.add(document.activeElement?.textContent ?? "");
    }
    expect([...visited].sort()).toEqual(["", "Cancel", "Go"]);
    expect(screen.queryByRole("button", { name: "Behind" }), "hidden from everybody").toBeNull();
  });

  it("closes on Esc and gives the focus back", async () => {
    const user = await opened();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await expect.poll(() => document.activeElement?.textContent).toBe("Open");
  });
});
