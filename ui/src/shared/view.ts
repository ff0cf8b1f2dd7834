import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keyOf, useRead, useWrite } from "@/ipc/query";

/**
 * One value that the window remembers for this person: a width, a filter, a chosen tab. `start` until
 * it is read, or when nothing was kept. It must survive JSON.
 */
export function useView<T>(name: string, start: T): [T, (value: T) => void] {
  const client = useQueryClient();
  const { data } = useRead("view_get", { name });
  const keep = useWrite("view_set");
  // What was changed here shows at once; the cache tells others a moment later.
  const [changed, setChanged] = useState<{ value: T } | null>(null);
  const kept = data?.value ? (JSON.parse(data.value) as T) : start;
  const change = (next: T) => {
    setChanged({ value: next });
    const setting = { name, value: JSON.stringify(next) };
    client.setQueryData(keyOf("view_get", { name }), setting);
    keep.mutate(setting);
  };
  return [changed ? changed.value : kept, change];
}
