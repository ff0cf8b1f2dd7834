import type { WorkspaceDraft } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { Mark } from "@/shared/display/Mark";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import { formatCount } from "@/shared/time/format";
import { useView } from "@/shared/view";
import { CorrectFile } from "@/shared/workspace/CorrectFile";
import { ClusterCard } from "./ClusterCard";
import { DemoCard } from "./DemoCard";
import { RepositoriesCard } from "./RepositoriesCard";
import { TopBar } from "./TopBar";
import { useContexts } from "./useContexts";
import { readable, useFolders } from "./useFolders";
import css from "./Welcome.module.css";

/** Tag patterns that a person chose here, by the path of the clone. */
export type Patterns = Record<string, string>;

/** The first screen: the demo, local repositories, clusters; each connection tested on the spot. */
export default function WelcomeScreen() {
  const { folders, add, remove } = useFolders();
  const contexts = useContexts();
  const [patterns, setPatterns] = useView<Patterns>("welcome.patterns", {});
  const repositories = readable(folders).map((repository) => repository.path);
  const used = contexts.contexts.filter(({ state, isUsed }) => state.kind === "ok" && isUsed);
  const names = used.map(({ context }) => context.name);
  const suggestion = useRead(
    "workspace_suggest",
    { repositories, contexts: names },
    {
      enabled: repositories.length + names.length > 0,
      placeholderData: (before) => before,
    },
  );
  const nothing = repositories.length + names.length === 0;
  const draft = nothing ? undefined : suggestion.data?.draft;
  return (
    <div className={css.welcome}>
      <TopBar />
      <div className={css.middle}>
        <Mark size={44} />
        <h1 className={css.title}>{m.welcome_title()}</h1>
        <p className={`t2 ${css.lead}`}>{m.welcome_text()}</p>
        <StartProblem />
        <div className={css.cards}>
          <DemoCard isFirst={nothing} />
          <RepositoriesCard
            folders={folders}
            patterns={patterns}
            onPattern={(path, pattern) => setPatterns({ ...patterns, [path]: pattern })}
            onAdd={add}
            onRemove={remove}
          />
          <ClusterCard contexts={contexts} draft={draft} />
        </div>
        <Continue
          repositories={repositories.length}
          clusters={names.length}
          services={suggestion.data?.matchedServices ?? 0}
          environments={suggestion.data?.matchedEnvironments ?? 0}
          isMatching={suggestion.isFetching}
          draft={draft && withPatterns(draft, patterns)}
        />
      </div>
    </div>
  );
}

/** Why what the command line asked for, or what was open last, is not open now. */
function StartProblem() {
  const { startProblem } = useAppState();
  return (
    startProblem && (
      <div className={css.problem}>
        <ErrorBand error={startProblem} actions={<CorrectFile error={startProblem} />} />
      </div>
    )
  );
}

/** The suggested draft with the patterns that the person chose instead. */
function withPatterns(draft: WorkspaceDraft, patterns: Patterns): WorkspaceDraft {
  return {
    ...draft,
    services: draft.services.map((service) => ({
      ...service,
      tags: (service.clone && patterns[service.clone]) || service.tags,
    })),
  };
}

type Counts = {
  repositories: number;
  clusters: number;
  services: number;
  environments: number;
  isMatching: boolean;
};

/** How much fits together so far. */
function matchWords({
  repositories,
  clusters,
  services,
  environments,
  isMatching,
}: Counts): string {
  if (repositories + clusters === 0) return m.welcome_continue_none();
  if (isMatching) return m.welcome_continue_matching();
  if (clusters === 0) return m.welcome_continue_repositories({ count: repositories });
  if (repositories === 0) return m.welcome_continue_clusters({ count: clusters });
  return environments === 1
    ? m.welcome_matched_one({ services })
    : m.welcome_matched({ services, environments: formatCount(environments) });
}

function Continue({ draft, ...counts }: Counts & { draft: WorkspaceDraft | undefined }) {
  const { go } = useNavigation();
  return (
    <div className={css.continue}>
      <span className="muted" role="status">
        {matchWords(counts)}
      </span>
      <Button
        size="big"
        variant={draft ? "primary" : "secondary"}
        isDisabled={!draft}
        onPress={() => {
          if (draft) go({ name: "workspace", draft });
        }}
      >
        {m.welcome_continue()}
      </Button>
    </div>
  );
}
