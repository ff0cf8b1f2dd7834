import { Boxes, RefreshCw } from "lucide-react";
import { useState } from "react";
import type { ContextTest, ExecPlugin, WorkspaceDraft } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button, LinkButton } from "@/shared/controls/Button";
import { Checkbox } from "@/shared/controls/Choice";
import { Icon } from "@/shared/display/Icon";
import { Spinner } from "@/shared/display/Progress";
import { Tag } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { formatCount } from "@/shared/time/format";
import { ConsentSheet } from "./ConsentSheet";
import { Line } from "./Line";
import { SinceNow } from "./SinceNow";
import type { TestedContext, useContexts } from "./useContexts";
import css from "./Welcome.module.css";

/** The contexts of the kubeconfig, each tested on the spot. */
export function ClusterCard({
  contexts,
  draft,
}: {
  contexts: ReturnType<typeof useContexts>;
  draft: WorkspaceDraft | undefined;
}) {
  const [asked, setAsked] = useState<TestedContext | null>(null);
  return (
    <section className={css.card}>
      <div className={css.heading}>
        <Icon of={Boxes} className="c-accent" />
        <h2>{m.welcome_cluster()}</h2>
        <span className="grow" />
        <span className="small muted">{m.welcome_cluster_from()}</span>
      </div>
      <p className={`t2 ${css.text}`}>{m.welcome_cluster_text()}</p>
      <div className={css.list}>
        {contexts.isLoading && (
          <p className={`row g8 small muted ${css.none}`}>
            <Spinner /> {m.shared_loading()}
          </p>
        )}
        {contexts.error && <ErrorBand error={contexts.error.wire} />}
        {contexts.errors.map((error) => (
          <div key={error.details} className={css.none}>
            <ErrorBand error={error} />
          </div>
        ))}
        {!contexts.isLoading && contexts.contexts.length === 0 && (
          <p className={`small muted ${css.none}`}>{m.welcome_cluster_none()}</p>
        )}
        {contexts.contexts.map((tested) => (
          <ContextLine
            key={tested.context.name}
            tested={tested}
            environments={environmentsOf(draft, tested.context.name)}
            onUse={(isUsed) => contexts.use(tested.context.name, isUsed)}
            onConsent={() => setAsked(tested)}
          />
        ))}
      </div>
      <div className={css.buttons}>
        <Button size="big" icon={RefreshCw} onPress={contexts.readAgain}>
          {m.welcome_cluster_again()}
        </Button>
      </div>
      {asked?.context.exec && (
        <ConsentSheet
          plugin={asked.context.exec}
          onClose={() => setAsked(null)}
          onAllowed={asked.test}
        />
      )}
    </section>
  );
}

function environmentsOf(draft: WorkspaceDraft | undefined, context: string): string[] {
  return (draft?.environments ?? [])
    .filter((environment) => environment.context === context)
    .map((environment) => environment.name);
}

function answerWords(cluster: string, test: ContextTest): string {
  const words = { count: test.workloads, workloads: formatCount(test.workloads), cluster };
  if (test.mayRollBack === null) return m.welcome_context_unsure(words);
  return test.mayRollBack ? m.welcome_context_ok(words) : m.welcome_context_view(words);
}

function testingWords(plugin: ExecPlugin | null) {
  return (duration: string) =>
    plugin
      ? m.welcome_context_signing_in({ command: plugin.command, duration })
      : m.welcome_context_testing({ duration });
}

function ContextLine({
  tested: { context, state, isUsed, test },
  environments,
  onUse,
  onConsent,
}: {
  tested: TestedContext;
  environments: readonly string[];
  onUse: (isUsed: boolean) => void;
  onConsent: () => void;
}) {
  const { name, cluster, exec } = context;
  const warning = context.insecure ? m.welcome_context_insecure() : null;
  switch (state.kind) {
    case "ok":
      return (
        <Line
          glyph="ok"
          name={name}
          warning={warning}
          text={answerWords(cluster, state.test)}
          right={
            <>
              {isUsed && environments.map((one) => <Tag key={one}>{one}</Tag>)}
              <Checkbox
                aria-label={m.welcome_context_use({ context: name })}
                isSelected={isUsed}
                onChange={onUse}
              />
            </>
          }
        />
      );
    case "testing":
      return (
        <Line
          glyph="running"
          name={name}
          warning={warning}
          text={<SinceNow words={testingWords(exec)} />}
        />
      );
    case "consent":
      return (
        <Line
          glyph="unknown"
          name={name}
          warning={warning}
          text={m.welcome_context_exec({ command: exec?.command ?? "" })}
          right={<LinkButton onPress={onConsent}>{m.welcome_context_allow()}</LinkButton>}
        />
      );
    case "untested":
      return (
        <Line
          glyph="unknown"
          name={name}
          warning={warning}
          text={m.welcome_context_untested({ cluster })}
          right={<LinkButton onPress={test}>{m.welcome_context_test()}</LinkButton>}
        />
      );
    case "failed":
      return (
        <div>
          <Line
            glyph="failed"
            name={name}
            warning={warning}
            right={<LinkButton onPress={test}>{m.welcome_context_test_again()}</LinkButton>}
          />
          <div className={css.band}>
            <ErrorBand error={state.error} />
          </div>
        </div>
      );
  }
}
