import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/shared/styles";
import { App } from "@/app/App";
import { loadFirstScreen } from "@/app/screens";
import { prepare } from "@/ipc";

// The program has said the theme before the first frame; a plain browser has the system's.
const { dataset } = document.documentElement;
const isLight = window.matchMedia("(prefers-color-scheme: light)").matches;
dataset.theme ??= isLight ? "light" : "dark";

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
