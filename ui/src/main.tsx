import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/shared/styles";
import { App } from "@/app/App";
import { loadFirstScreen } from "@/app/screens";
import { prepare } from "@/ipc";

// The system's theme from the first frame on; the settings may choose another a moment later.
if (window.matchMedia("(prefers-color-scheme: light)").matches) {
  document.documentElement.dataset.theme = "light";
}

// Side by side with the first drawing, not after it.
prepare();
loadFirstScreen();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
