/** The engine's life in the window: canvases, size, theme, fonts, visibility, language, data. */

import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocale } from "@/shared/i18n/locale";
import { useZone } from "@/shared/time/zone";
import { CanvasRenderer } from "@/timeline/canvas/renderer";
import type { TimelineData } from "@/timeline/columns";
import { type Clock, TimelineEngine } from "@/timeline/engine";
import { readPalette } from "@/timeline/palette";
import type { Surface } from "@/timeline/renderer";
import type { TimelineState } from "@/timeline/state";
import { canvasWords } from "./words";

export type Canvases = Record<Surface, RefObject<HTMLCanvasElement | null>>;

/** Cluster time: the answer's own `now` plus what went by since it came, in epoch ms of the desktop. */
export function clusterClock(data: TimelineData, receivedAt: number): () => number {
  return () => data.now + Math.max(0, Date.now() - receivedAt);
}

function windowClock(now: () => number): Clock {
  return {
    now,
    requestFrame: (draw) => requestAnimationFrame(draw),
    cancelFrame: (id) => cancelAnimationFrame(id),
    after: (ms, run) => window.setTimeout(run, ms),
    cancel: (id) => window.clearTimeout(id),
  };
}

/** Makes one engine for as long as the component stands; `now` is the cluster's clock. */
export function useEngine(options: {
  data: TimelineData;
  now: () => number;
  span?: number | undefined;
  open?: readonly string[] | null | undefined;
}): TimelineEngine {
  const locale = useLocale();
  const zone = useZone();
  const clock = useRef<() => number>(options.now);
  const [engine] = useState(
    () =>
      new TimelineEngine({
        clock: windowClock(() => clock.current()),
        words: canvasWords(locale, zone),
        zone,
        ...(options.span && { span: options.span }),
        open: options.open ?? null,
      }),
  );
  const { data, now } = options;
  useEffect(() => {
    clock.current = now;
    engine.setData(data);
  }, [engine, data, now]);
  useEffect(() => engine.setWords(canvasWords(locale, zone), zone), [engine, locale, zone]);
  return engine;
}

export const useTimeline = (engine: TimelineEngine): TimelineState =>
  useSyncExternalStore(engine.subscribe, engine.snapshot);

/** Gives the engine its canvases and keeps their size, colours and fonts right. */
export function useCanvases(engine: TimelineEngine, canvases: Canvases): void {
  const { lanes, overlay, axis, overview } = canvases;
  useEffect(() => {
    const all = {
      lanes: lanes.current,
      overlay: overlay.current,
      axis: axis.current,
      overview: overview.current,
    };
    if (!all.lanes || !all.overlay || !all.axis || !all.overview) return;
    const found = all as Record<Surface, HTMLCanvasElement>;
    engine.attach(new CanvasRenderer(found, pagePalette()));
    const measure = () =>
      engine.resize(
        found.lanes.clientWidth,
        found.lanes.clientHeight,
        found.overview.clientHeight,
        found.axis.clientHeight,
        window.devicePixelRatio || 1,
      );
    measure();
    const stops = [
      watchSize(found.lanes, measure),
      watchRatio(measure),
      watchTheme(() => engine.setPalette(pagePalette())),
      watchFonts(() => engine.fontsChanged()),
      watchVisibility((visible) => engine.setVisible(visible)),
    ];
    return () => {
      for (const stop of stops) stop();
      engine.detach();
    };
  }, [engine, lanes, overlay, axis, overview]);
}

function pagePalette() {
  const style = getComputedStyle(document.documentElement);
  return readPalette((name) => style.getPropertyValue(name));
}

function watchSize(element: Element, changed: () => void): () => void {
  const observer = new ResizeObserver(changed);
  observer.observe(element);
  return () => observer.disconnect();
}

/** A window dragged to another screen gets another ratio; the query for the old one then stops matching. */
function watchRatio(changed: () => void): () => void {
  let query: MediaQueryList | null = null;
  const listen = () => {
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", again, { once: true });
  };
  const again = () => {
    changed();
    listen();
  };
  listen();
  return () => query?.removeEventListener("change", again);
}

function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class"],
  });
  const queries = [
    "(prefers-color-scheme: dark)",
    "(prefers-contrast: more)",
    "(forced-colors: active)",
  ].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener("change", changed);
  };
}

function watchFonts(changed: () => void): () => void {
  const fonts = document.fonts;
  // Canvas text asks for no font by itself: load those it will use, then measure again.
  const wanted = [
    '450 11px "JetBrains Mono Variable"',
    '550 11px "JetBrains Mono Variable"',
    '600 11px "Inter Variable"',
  ];
  void Promise.all(wanted.map((font) => fonts.load(font))).then(changed, changed);
  fonts.addEventListener("loadingdone", changed);
  return () => fonts.removeEventListener("loadingdone", changed);
}

function watchVisibility(changed: (visible: boolean) => void): () => void {
  const tell = () => changed(!document.hidden);
  document.addEventListener("visibilitychange", tell);
  return () => document.removeEventListener("visibilitychange", tell);
}
