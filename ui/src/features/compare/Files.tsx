import type { Comparison, FileChange } from "@/ipc";
import { m } from "@/paraglide/messages";
import { DataTable } from "@/shared/data/DataTable";
import { formatCount } from "@/shared/time/format";
import css from "./Compare.module.css";
import { fileLines } from "./groups";
import { Unavailable } from "./Unavailable";

/** "+12 −3"; what is not counted says why, and is never 0. */
export function FileCounts({ file }: { file: FileChange }) {
  const lines = fileLines(file);
  if (lines.kind !== "counted") {
    return (
      <span className="micro muted nowrap">
        {lines.kind === "binary" ? m.compare_file_binary() : m.compare_file_not_here()}
      </span>
    );
  }
  return (
    <span className="mono micro row g6 nowrap">
      <Signed side="added" count={lines.added} />
      <Signed side="removed" count={lines.removed} />
    </span>
  );
}

/** "+12", "−3"; none is a quiet "0". */
function Signed({ side, count }: { side: "added" | "removed"; count: number }) {
  if (count === 0) return <span className="muted">0</span>;
  return (
    <span className={side === "added" ? "c-ok" : "c-failed"}>
      {side === "added" ? "+" : "−"}
      {formatCount(count)}
    </span>
  );
}

/** "12 files changed, 340 lines added, 85 removed. The lines of 2 files are not counted." */
export function filesWords({ files }: Pick<Comparison, "files">): string {
  const count = files.files.length;
  const uncounted = files.files.filter((file) => fileLines(file).kind !== "counted").length;
  const total = m.compare_files_total({
    files: m.compare_n_files({ count, number: formatCount(count) }),
    added: formatCount(files.added),
    removed: formatCount(files.removed),
  });
  if (uncounted === 0) return total + m.compare_end();
  const rest = m.compare_files_uncounted({ count: uncounted, number: formatCount(uncounted) });
  return total + m.compare_join() + rest.charAt(0).toLowerCase() + rest.slice(1) + m.compare_end();
}

const part = (file: FileChange, side: "added" | "removed") => {
  const lines = fileLines(file);
  if (lines.kind === "counted") {
    return (
      <span className="mono small">
        <Signed side={side} count={lines[side]} />
      </span>
    );
  }
  const words = lines.kind === "binary" ? m.compare_file_binary() : m.compare_file_not_here();
  return <span className="small muted">{words}</span>;
};

export function FilesTab({ comparison }: { comparison: Comparison }) {
  const { files, a } = comparison;
  if (files.unavailable !== null) {
    return (
      <div className={css.page}>
        <Unavailable reason={files.unavailable} service={a.service} />
      </div>
    );
  }
  if (files.files.length === 0) {
    return <p className={`muted ${css.page}`}>{m.compare_files_none()}</p>;
  }
  return (
    <div className={css.table}>
      <p className="small t2">{filesWords(comparison)}</p>
      <DataTable
        label={m.compare_tab_files()}
        rows={files.files}
        rowKey={(file) => file.path}
        columns={[
          {
            id: "path",
            label: m.compare_file(),
            isRowHeader: true,
            minWidth: 240,
            render: (file) => <span className="mono small ell selectable">{file.path}</span>,
          },
          {
            id: "added",
            label: m.compare_file_added(),
            align: "end",
            width: 150,
            render: (file) => part(file, "added"),
          },
          {
            id: "removed",
            label: m.compare_file_removed(),
            align: "end",
            width: 150,
            render: (file) => part(file, "removed"),
          },
        ]}
      />
    </div>
  );
}
