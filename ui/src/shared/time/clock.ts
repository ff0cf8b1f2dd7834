import { useSyncExternalStore } from "react";

/** One timer for everybody who shows a moving time; it rests while nobody looks. */
class Ticker {
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #now: number;
  readonly #period: number;
  readonly #clock: () => number;

  constructor(period: number, clock: () => number) {
    this.#period = period;
    this.#clock = clock;
    this.#now = clock();
  }

  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  };

  now = (): number => this.#now;

  #start() {
    this.#now = this.#clock();
    this.#timer = setInterval(this.#tick, this.#period);
    document.addEventListener("visibilitychange", this.#tick);
  }

  #rest() {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#tick);
  }

  #tick = () => {
    if (document.hidden) return;
    this.#now = this.#clock();
    for (const listener of this.#listeners) listener();
  };
}

const everySecond = new Ticker(1000, Date.now);
const everyTenSeconds = new Ticker(10_000, Date.now);

/** Now, moving: each second for a running clock, each ten seconds for an age. */
export function useNow(pace: "second" | "slow" = "slow"): number {
  const ticker = pace === "second" ? everySecond : everyTenSeconds;
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}
