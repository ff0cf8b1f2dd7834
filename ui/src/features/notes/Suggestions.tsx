import { Plus, WandSparkles } from "lucide-react";
import { useMemo } from "react";
import type { Commit, Note } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button, IconButton, LinkButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Tag, type TagMeaning } from "@/shared/display/Tag";
import { formatCount } from "@/shared/time/format";
import css from "./Notes.module.css";
import { addCommits, notMentioned, shortId } from "./text";
import { headings } from "./useDraft";

const KINDS: Record<Commit["kind"], { meaning: TagMeaning; words: () => string }> = {
  feature: { meaning: "live", words: m.notes_kind_feature },
  fix: { meaning: "ok", words: m.notes_kind_fix },
  other: { meaning: "neutral", words: m.notes_kind_other },
};

/** Commits that the text does not mention, to be added one by one or all at once. */
export function MoreCommits({
  note,
  text,
  onText,
}: {
  note: Note;
  text: string;
  onText: (text: string) => void;
}) {
  const missing = useMemo(() => notMentioned(note.commits, text), [note.commits, text]);
  if (missing.length === 0) return null;
  const count = missing.length;
  const add = (commits: readonly Commit[]) => onText(addCommits(text, commits, headings()));
  return (
    <section className={css.more} aria-label={m.notes_more({ count, number: formatCount(count) })}>
      <div className="row g8">
        <Icon of={WandSparkles} size="s" className="c-accent" />
        <span className="b6">{m.notes_more({ count, number: formatCount(count) })}</span>
        <span className="small muted ell">{m.notes_more_from()}</span>
        <span className="grow" />
        {count > 1 && (
          <LinkButton onPress={() => add(missing)}>
            {count === 2 ? m.notes_add_both() : m.notes_add_all()}
          </LinkButton>
        )}
      </div>
      <ul className={css.moreList}>
        {missing.map((commit) => (
          <li key={commit.id} className="row g8 small">
            <Tag meaning={KINDS[commit.kind].meaning}>{KINDS[commit.kind].words()}</Tag>
            <span className="grow t2 ell" title={commit.subject}>
              {commit.subject}
            </span>
            <span className="mono micro muted">{shortId(commit.id)}</span>
            <IconButton
              icon={Plus}
              iconSize="xs"
              size={24}
              label={m.notes_add_one({ subject: commit.subject })}
              onPress={() => add([commit])}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** An empty note: what the repository says already, to begin with. */
export function Beginnings({
  note,
  onDraft,
  onText,
}: {
  note: Note;
  onDraft: () => void;
  onText: (text: string) => void;
}) {
  const message = note.tagMessage?.trim() ?? "";
  return (
    <section className={css.begin} aria-label={m.notes_begin()}>
      <div className="b6">{m.notes_begin()}</div>
      <p className="small muted">{m.notes_begin_text()}</p>
      <div className={`row g8 ${css.beginnings}`}>
        <Button icon={WandSparkles} onPress={onDraft}>
          {m.notes_draft_from()}
        </Button>
        {message !== "" && <Button onPress={() => onText(message)}>{m.notes_use_tag()}</Button>}
      </div>
      {message !== "" && (
        <div className={css.tagMessage}>
          <span className="label">{m.notes_tag_message()}</span>
          <pre className="small t2 selectable">{message}</pre>
        </div>
      )}
    </section>
  );
}
