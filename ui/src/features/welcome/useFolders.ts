import { useQueries } from "@tanstack/react-query";
import { type CommandError, call, type FoundRepository } from "@/ipc";
import { keyOf } from "@/ipc/query";
import { useView } from "@/shared/view";

/** A folder that was added, and what was found in it. */
export type Folder = {
  path: string;
  /** `null` while it is searched. */
  repositories: readonly FoundRepository[] | null;
  error: CommandError | null;
  searchAgain: () => void;
};

/** The folders of this person, remembered between starts, each searched on the spot. */
export function useFolders() {
  const [paths, setPaths] = useView<readonly string[]>("welcome.folders", []);
  const folders = useQueries({
    queries: paths.map((path) => ({
      queryKey: keyOf("repositories_find", { path }),
      queryFn: () => call("repositories_find", { path }),
    })),
    combine: (results): Folder[] =>
      results.map((result, at) => ({
        path: paths[at] ?? "",
        repositories: result.data ?? null,
        error: result.error as CommandError | null,
        searchAgain: () => void result.refetch(),
      })),
  });
  return {
    folders,
    add: (path: string) => {
      if (!paths.includes(path)) setPaths([...paths, path]);
    },
    remove: (path: string) => setPaths(paths.filter((one) => one !== path)),
  };
}

/** Every repository that can be read, each once. */
export function readable(folders: readonly Folder[]): FoundRepository[] {
  const byPath = new Map<string, FoundRepository>();
  for (const folder of folders) {
    for (const repository of folder.repositories ?? []) {
      if (repository.error === null) byPath.set(repository.path, repository);
    }
  }
  return [...byPath.values()];
}
