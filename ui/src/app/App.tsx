import { m } from "@/paraglide/messages";

export function App() {
  return <main>{m.nav_timeline()}</main>;
}
