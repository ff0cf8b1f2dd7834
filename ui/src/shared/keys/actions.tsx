import type { LucideIcon } from "lucide-react";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import type { KeyName } from "./platform";

/** Where an action stands in the palette and in the list of keys. */
export type ActionGroup = "go" | "timeline" | "selection" | "view" | "app";

/**
 * Something that can be done now: it stands in the palette, in the list of keys, and its key works
 * while the screen that offers it is shown.
 */
export type Action = {
  id: string;
  title: string;
  group: ActionGroup;
  icon?: LucideIcon;
  /** A muted line beside the title: "prod-eu, opens the sheet". */
  hint?: string;
  /** Keys that do it: `["Mod", "k"]`, `["r"]`, `["?"]`. The last one is the key, those before modifiers. */
  keys?: readonly KeyName[];
  /** Off, and why. */
  off?: string | undefined;
  /** Only a key: the palette does not list it, such as moving the focus. */
  keyOnly?: boolean;
  run: () => void;
};

/** The actions that screens offer now. */
export class ActionRegistry {
  #offers = new Map<symbol, readonly Action[]>();
  #listeners = new Set<() => void>();
  #all: readonly Action[] = [];

  offer(owner: symbol, actions: readonly Action[]): void {
    this.#offers.set(owner, actions);
    this.#changed();
  }

  withdraw(owner: symbol): void {
    this.#offers.delete(owner);
    this.#changed();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  all = (): readonly Action[] => this.#all;

  #changed() {
    this.#all = [...this.#offers.values()].flat();
    for (const listener of this.#listeners) listener();
  }
}

const RegistryContext = createContext<ActionRegistry | null>(null);

export function ActionsProvider({
  registry,
  children,
}: {
  registry: ActionRegistry;
  children: ReactNode;
}) {
  return <RegistryContext.Provider value={registry}>{children}</RegistryContext.Provider>;
}

export function useActionRegistry(): ActionRegistry {
  const registry = useContext(RegistryContext);
  if (!registry) throw new Error("actions need an ActionsProvider above them");
  return registry;
}

/** All actions offered now, by every screen shown. */
export function useAllActions(): readonly Action[] {
  const registry = useActionRegistry();
  return useSyncExternalStore(registry.subscribe, registry.all);
}

/** Offers actions while the component is shown. Their `run` may close over anything: the newest is called. */
export function useActions(actions: readonly Action[]): void {
  const registry = useActionRegistry();
  const newest = useRef(actions);
  newest.current = actions;
  const owner = useMemo(() => Symbol("actions"), []);
  const described = JSON.stringify(
    actions.map(({ id, title, hint, keys, off, keyOnly }) => [id, title, hint, keys, off, keyOnly]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed description is offered anew.
  useEffect(() => {
    registry.offer(
      owner,
      newest.current.map((action) => ({
        ...action,
        run: () => newest.current.find((one) => one.id === action.id)?.run(),
      })),
    );
  }, [registry, owner, described]);
  useEffect(() => () => registry.withdraw(owner), [registry, owner]);
}
