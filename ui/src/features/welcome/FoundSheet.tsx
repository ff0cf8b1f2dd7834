import type { FoundRepository } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button, LinkButton } from "@/shared/controls/Button";
import { type DataColumn, DataTable } from "@/shared/data/DataTable";
import { Pill } from "@/shared/display/Tag";
import { errorWords } from "@/shared/errors/words";
import { Sheet } from "@/shared/overlay/Sheet";
import { formatCount } from "@/shared/time/format";
import { tailOf } from "@/shared/workspace/paths";
import type { Patterns } from "./screen";
import type { Folder } from "./useFolders";
import css from "./Welcome.module.css";

/** Every repository of a folder, with the pattern that fits most of its tags. */
export function FoundSheet({
  folder,
  patterns,
  onClose,
  onPattern,
}: {
  folder: Folder;
  patterns: Patterns;
  onClose: () => void;
  onPattern: (repository: FoundRepository) => void;
}) {
  const columns: DataColumn<FoundRepository>[] = [
    {
      id: "name",
      label: m.found_name(),
      isRowHeader: true,
      width: "2fr",
      render: (one) => <span className="b5 ell">{one.name}</span>,
    },
    {
      id: "pattern",
      label: m.found_pattern(),
      width: "2fr",
      render: (one) =>
        one.error ? (
          <span className="small c-failed ell">{errorWords(one.error).title}</span>
        ) : (
          <LinkButton onPress={() => onPattern(one)}>
            <span className="mono">{patterns[one.path] ?? one.pattern ?? m.found_none()}</span>
          </LinkButton>
        ),
    },
    {
      id: "versions",
      label: m.found_versions(),
      align: "end",
      width: 96,
      render: (one) => formatCount(one.versions),
    },
    {
      id: "newest",
      label: m.found_newest(),
      width: 150,
      render: (one) => one.newest && <Pill state="outlined">{one.newest}</Pill>,
    },
  ];
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={m.found_title({ folder: tailOf(folder.path) })}
      width={720}
      foot={
        <>
          <span className="grow" />
          <Button size="big" autoFocus onPress={onClose}>
            {m.shared_done()}
          </Button>
        </>
      }
    >
      <div className={css.table}>
        <DataTable
          label={m.found_title({ folder: tailOf(folder.path) })}
          columns={columns}
          rows={folder.repositories ?? []}
          rowKey={(one) => one.path}
        />
      </div>
    </Sheet>
  );
}
