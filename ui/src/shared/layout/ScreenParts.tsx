import type { ReactNode } from "react";
import { createContext, useContext } from "react";

/**
 * What the shell gives a screen that has a toolbar of its own, to place below it: the band that tells
 * of clusters that do not answer, and the inspector at the right.
 */
export type ScreenParts = { band: ReactNode; aside: ReactNode };

const PartsContext = createContext<ScreenParts>({ band: null, aside: null });

export const ScreenPartsProvider = PartsContext.Provider;

/** Nothing, where no shell stands around the screen. */
export const useScreenParts = (): ScreenParts => useContext(PartsContext);
