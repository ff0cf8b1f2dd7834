/** What the backend holds, as queries: read once, shared, asked again when an event says so. */
import {
  type UseMutationOptions,
  type UseQueryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { type Command, type CommandError, call, type Reply, type Request } from "./index";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: CommandError;
  }
}

/** Where the reply of a command is kept. Without a request: all replies of that command. */
export function keyOf<K extends Command>(command: K, request?: Request<K>) {
  return request === undefined ? [command] : [command, request];
}

type ReadOptions<K extends Command> = Omit<
  UseQueryOptions<Reply<K>, CommandError>,
  "queryKey" | "queryFn"
>;

/** Reads. `useRead("matrix", { reference: null })` */
export function useRead<K extends Command>(
  command: K,
  request: Request<K>,
  options: ReadOptions<K> = {},
) {
  return useQuery<Reply<K>, CommandError>({
    queryKey: keyOf(command, request),
    queryFn: () => call(command, request),
    ...options,
  });
}

type WriteOptions<K extends Command> = Omit<
  UseMutationOptions<Reply<K>, CommandError, Request<K>>,
  "mutationFn"
> & {
  /** Commands whose replies are stale afterwards. */
  stale?: readonly Command[];
};

/** Acts. `const save = useWrite("note_save", { stale: ["note_list"] }); save.mutate(request)` */
export function useWrite<K extends Command>(command: K, options: WriteOptions<K> = {}) {
  const client = useQueryClient();
  const { stale = [], onSuccess, ...rest } = options;
  return useMutation<Reply<K>, CommandError, Request<K>>({
    mutationFn: (request) => call(command, request),
    ...rest,
    onSuccess: async (...success) => {
      await Promise.all(stale.map((name) => client.invalidateQueries({ queryKey: keyOf(name) })));
      await onSuccess?.(...success);
    },
  });
}
