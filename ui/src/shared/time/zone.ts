import { createContext, useContext } from "react";

/** The IANA name of the zone in which times are shown. */
export type Zone = string;

/** The desktop's zone, as the web view knows it. */
export function desktopZone(): Zone {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Whether this web view knows a zone of that name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const ZoneContext = createContext<Zone>("UTC");

/** Everything below shows its times in this zone. */
export const ZoneProvider = ZoneContext.Provider;

export function useZone(): Zone {
  return useContext(ZoneContext);
}
