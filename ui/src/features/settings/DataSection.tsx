import { FolderOpen, LifeBuoy } from "lucide-react";
import { type LedgerHealth, pickSavePath } from "@/ipc";
import { useRead, useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { CopyButton } from "@/shared/controls/CopyButton";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { formatSize } from "@/shared/time/format";
import { Time } from "@/shared/time/Time";
import { Section } from "./Section";
import css from "./Settings.module.css";

/** How often the size is looked at while it is shown, in milliseconds. */
const LOOKED_AT = 10_000;

function stateWords(state: LedgerHealth["state"]): string {
  switch (state) {
    case "ok":
      return m.shell_ledger_ok();
    case "recovered":
      return m.shell_ledger_recovered();
    case "read-only":
      return m.shell_ledger_read_only();
    case "begun-anew":
      return m.shell_ledger_begun_anew();
  }
}

/** The app's state is told when it changes; the ledger grows without a word, so here it is asked for. */
function useLookedAt() {
  const told = useAppState();
  const { data } = useRead("app_state", null, {
    refetchOnMount: "always",
    refetchInterval: LOOKED_AT,
  });
  return data ?? told;
}

/** The ledger, its health and backups, the logs, and a file for those who help. */
export function DataSection() {
  const { ledger, logs } = useLookedAt();
  return (
    <Section title={m.settings_data()}>
      <dl className={css.facts}>
        <dt>{m.settings_ledger()}</dt>
        <dd>
          <span className="mono small grow">{ledger.path}</span>
        </dd>
        <dt>{m.settings_ledger_state()}</dt>
        <dd>
          <StatusGlyph kind={ledger.state === "ok" ? "ok" : "warn"} />
          {stateWords(ledger.state)}
        </dd>
        <dt>{m.settings_ledger_chain()}</dt>
        <dd>
          <StatusGlyph kind={ledger.chainIntact ? "ok" : "failed"} />
          {ledger.chainIntact ? m.settings_ledger_chain_ok() : m.settings_ledger_chain_broken()}
        </dd>
        <dt>{m.settings_ledger_size()}</dt>
        <dd className="num">{formatSize(ledger.size)}</dd>
        <dt>{m.settings_ledger_backup()}</dt>
        <dd>
          {ledger.backupAt === null ? (
            m.settings_ledger_backup_none()
          ) : (
            <span>
              <Time at={ledger.backupAt} />
              <span className="mono small muted"> {ledger.backup}</span>
            </span>
          )}
        </dd>
        {ledger.setAside && (
          <>
            <dt>{m.settings_ledger_aside()}</dt>
            <dd className="mono small">{ledger.setAside}</dd>
          </>
        )}
        <dt>{m.settings_logs_folder()}</dt>
        <dd className={css.withButton ?? ""}>
          <span className="mono small grow selectable">{logs}</span>
          <CopyButton text={() => logs} label={m.settings_logs_copy()} />
        </dd>
      </dl>
      <Files />
    </Section>
  );
}

function Files() {
  const { ledger } = useAppState();
  const logs = useWrite("log_folder_open");
  const support = useWrite("support_file");
  const save = async () => {
    const path = await pickSavePath({
      title: m.settings_support_title(),
      name: "tidemark-support.zip",
      extension: "zip",
    });
    if (path !== null) support.mutate({ path });
  };
  const error = logs.error ?? support.error;
  return (
    <>
      <div className={css.buttons}>
        <Button icon={FolderOpen} isDisabled={logs.isPending} onPress={() => logs.mutate(null)}>
          {m.settings_logs()}
        </Button>
        <Button icon={LifeBuoy} isDisabled={support.isPending} onPress={() => void save()}>
          {m.settings_support()}
        </Button>
        <CopyButton
          variant="ghost"
          size="normal"
          text={() => JSON.stringify(ledger, null, 2)}
          label={m.shared_copy_details()}
        />
      </div>
      <p className="small muted">{m.settings_support_text()}</p>
      {support.data && (
        <p className="row g8 small t2" role="status">
          <StatusGlyph kind="ok" />
          {m.settings_support_saved({
            path: support.data.path,
            size: formatSize(support.data.size),
          })}
        </p>
      )}
      {error && <ErrorBand error={error.wire} />}
    </>
  );
}
