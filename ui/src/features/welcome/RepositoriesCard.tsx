import { FolderGit2, Plus, X } from "lucide-react";
import { useState } from "react";
import { type FoundRepository, pickFolder } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button, IconButton, LinkButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { formatCount } from "@/shared/time/format";
import { tailOf } from "@/shared/workspace/paths";
import { CloneSheet } from "./CloneSheet";
import { FoundSheet } from "./FoundSheet";
import { Line } from "./Line";
import { PatternSheet } from "./PatternSheet";
import { SinceNow } from "./SinceNow";
import type { Patterns } from "./screen";
import type { Folder } from "./useFolders";
import css from "./Welcome.module.css";

type Open =
  | { kind: "clone" }
  | { kind: "pattern"; repository: FoundRepository }
  | { kind: "found"; folder: Folder };

/** Folders of this machine, and the repositories found in them. */
export function RepositoriesCard({
  folders,
  patterns,
  onPattern,
  onAdd,
  onRemove,
}: {
  folders: readonly Folder[];
  patterns: Patterns;
  onPattern: (path: string, pattern: string) => void;
  onAdd: (path: string) => void;
  onRemove: (path: string) => void;
}) {
  const [open, setOpen] = useState<Open | null>(null);
  const addFolder = async () => {
    const path = await pickFolder({ title: m.welcome_folder_pick() });
    if (path !== null) onAdd(path);
  };
  return (
    <section className={css.card}>
      <div className={css.heading}>
        <Icon of={FolderGit2} className="c-accent" />
        <h2>{m.welcome_repositories()}</h2>
      </div>
      <p className={`t2 ${css.text}`}>{m.welcome_repositories_text()}</p>
      <div className={css.list}>
        {folders.map((folder) => (
          <FolderLines
            key={folder.path}
            folder={folder}
            patterns={patterns}
            onOpen={setOpen}
            onRemove={() => onRemove(folder.path)}
          />
        ))}
      </div>
      <div className={css.buttons}>
        <Button size="big" icon={Plus} onPress={() => void addFolder()}>
          {m.welcome_folder_add()}
        </Button>
        <Button size="big" onPress={() => setOpen({ kind: "clone" })}>
          {m.welcome_clone()}
        </Button>
      </div>
      {open?.kind === "clone" && <CloneSheet onClose={() => setOpen(null)} onCloned={onAdd} />}
      {open?.kind === "pattern" && (
        <PatternSheet
          repository={open.repository}
          start={patterns[open.repository.path] ?? open.repository.pattern ?? "v{version}"}
          onClose={() => setOpen(null)}
          onUse={(pattern) => onPattern(open.repository.path, pattern)}
        />
      )}
      {open?.kind === "found" && (
        <FoundSheet
          folder={open.folder}
          patterns={patterns}
          onClose={() => setOpen(null)}
          onPattern={(repository) => setOpen({ kind: "pattern", repository })}
        />
      )}
    </section>
  );
}

function FolderLines({
  folder,
  patterns,
  onOpen,
  onRemove,
}: {
  folder: Folder;
  patterns: Patterns;
  onOpen: (open: Open) => void;
  onRemove: () => void;
}) {
  const name = tailOf(folder.path);
  const remove = (
    <span className={css.remove}>
      <IconButton
        icon={X}
        size={24}
        label={m.welcome_folder_remove({ folder: name })}
        onPress={onRemove}
      />
    </span>
  );
  if (folder.error) {
    return (
      <div>
        <Line glyph="failed" name={name} right={remove} />
        <div className={css.band}>
          <ErrorBand
            error={folder.error.wire}
            actions={
              <Button size="small" onPress={folder.searchAgain}>
                {m.shared_try_again()}
              </Button>
            }
          />
        </div>
      </div>
    );
  }
  if (folder.repositories === null) {
    const words = (duration: string) => m.welcome_repositories_searching({ duration });
    return <Line glyph="running" name={name} text={<SinceNow words={words} />} right={remove} />;
  }
  if (folder.repositories.length === 0) {
    return <Line glyph="warn" name={name} text={m.welcome_repositories_none()} right={remove} />;
  }
  const odd = folder.repositories.filter((one) => isOdd(one, patterns));
  const good = folder.repositories.filter((one) => !odd.includes(one));
  return (
    <>
      {good.length > 0 && <GoodLine folder={folder} good={good} remove={remove} onOpen={onOpen} />}
      {odd.map((repository) => (
        <OddLine
          key={repository.path}
          repository={repository}
          remove={good.length === 0 ? remove : null}
          onOpen={onOpen}
        />
      ))}
    </>
  );
}

/** It cannot be read, or none of its tags is a version; a chosen pattern settles the second. */
function isOdd(repository: FoundRepository, patterns: Patterns): boolean {
  if (repository.error !== null) return true;
  return repository.versions === 0 && !patterns[repository.path];
}

function GoodLine({
  folder,
  good,
  remove,
  onOpen,
}: {
  folder: Folder;
  good: readonly FoundRepository[];
  remove: React.ReactNode;
  onOpen: (open: Open) => void;
}) {
  const tags = good.reduce((sum, repository) => sum + repository.versions, 0);
  const [only] = good;
  const words =
    good.length === 1 && only?.newest
      ? m.welcome_repository_tags({ count: tags, tags: formatCount(tags), newest: only.newest })
      : m.welcome_repositories_found({
          count: good.length,
          repositories: formatCount(good.length),
          tags: formatCount(tags),
        });
  return (
    <Line
      glyph="ok"
      name={tailOf(folder.path)}
      text={words}
      right={
        <>
          {remove}
          <LinkButton onPress={() => onOpen({ kind: "found", folder })}>
            {m.welcome_folder_show()}
          </LinkButton>
        </>
      }
    />
  );
}

function OddLine({
  repository,
  remove,
  onOpen,
}: {
  repository: FoundRepository;
  remove: React.ReactNode;
  onOpen: (open: Open) => void;
}) {
  const name = tailOf(repository.path);
  if (repository.error) {
    return (
      <div>
        <Line glyph="failed" name={name} right={remove} />
        <div className={css.band}>
          <ErrorBand error={repository.error} />
        </div>
      </div>
    );
  }
  const { tags } = repository;
  const words =
    tags === 0
      ? m.welcome_repository_untagged()
      : m.welcome_repository_unversioned({ count: tags, tags: formatCount(tags) });
  return (
    <Line
      glyph={tags === 0 ? "unknown" : "warn"}
      name={name}
      text={words}
      right={
        <>
          {remove}
          {tags > 0 && (
            <LinkButton onPress={() => onOpen({ kind: "pattern", repository })}>
              {m.welcome_pattern()}
            </LinkButton>
          )}
        </>
      }
    />
  );
}
