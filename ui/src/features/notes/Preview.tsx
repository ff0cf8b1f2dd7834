import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { useEffect, useState } from "react";
import { call, type Note } from "@/ipc";
import { keyOf } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Markdown } from "@/shared/display/Markdown";
import { Tag } from "@/shared/display/Tag";
import { MovedTagNote } from "@/shared/tags/MovedTag";
import { useNow } from "@/shared/time/clock";
import { formatDay } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { headingMark } from "./headings";
import css from "./Notes.module.css";
import { withoutIds } from "./text";

/** How long typing pauses before the preview follows, in milliseconds. */
const PREVIEW_AFTER = 120;

/** What people will read, rendered by the backend while it is typed. */
export function Preview({ note, text, mark }: { note: Note; text: string; mark: string }) {
  const html = useHtml(note, withoutIds(text, note.commits));
  const [linkFailed, setLinkFailed] = useState(false);
  const zone = useZone();
  const now = useNow();
  return (
    <section className={css.preview} aria-label={m.notes_preview()}>
      <div className={`row g8 small muted ${css.previewHead}`}>
        <Tag>{note.service}</Tag>
        {note.previousVersion && (
          <>
            <span className="mono">{note.previousVersion}</span>
            <Icon of={ArrowRight} size="xs" />
          </>
        )}
        <span className="mono">{note.version}</span>
        {note.releasedAt !== null && <span>{formatDay(note.releasedAt, zone, now)}</span>}
      </div>
      <MovedTagNote service={note.service} version={note.version} />
      {html.failed && <p className="small c-warn">{m.notes_preview_failed()}</p>}
      {linkFailed && (
        <p className="small c-failed" role="alert">
          {m.notes_link_failed()}
        </p>
      )}
      {text.trim() === "" ? (
        <p className="muted">{m.notes_preview_empty()}</p>
      ) : (
        <Markdown
          html={html.html}
          mark={mark}
          headings={headingMark}
          onLinkFailed={() => setLinkFailed(true)}
        />
      )}
    </section>
  );
}

function useHtml(note: Note, text: string) {
  const asked = useSettled(text, PREVIEW_AFTER);
  const { data, isError } = useQuery({
    queryKey: keyOf("markdown_render", { markdown: asked }),
    queryFn: () => call("markdown_render", { markdown: asked }),
    placeholderData: (before: { html: string } | undefined) =>
      before ?? (asked === note.markdown ? { html: note.html } : undefined),
    gcTime: 0,
  });
  return { html: data?.html ?? "", failed: isError };
}

/** The value once it has rested. */
function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
