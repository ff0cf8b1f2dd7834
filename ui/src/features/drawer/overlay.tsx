import { Lock, RefreshCw, X } from "lucide-react";
import { useState } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { ClusterObject, UnreadPart } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button, IconButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Spinner } from "@/shared/display/Progress";
import { Tag } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Tabs } from "@/shared/layout/Tabs";
import { useNavigation } from "@/shared/navigation/navigation";
import type { Lane } from "@/shared/navigation/route";
import { useNow } from "@/shared/time/clock";
import { formatAge } from "@/shared/time/format";
import css from "./Drawer.module.css";
import { Events } from "./Events";
import { Logs } from "./Logs";
import { Pods } from "./Pods";
import { Yaml } from "./Yaml";

/** "Open in cluster": the live object as its cluster has it. Nothing here writes. */
export default function Drawer() {
  const { overlay, close } = useNavigation();
  if (overlay?.name !== "cluster") return null;
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) close();
      }}
      className={css.scrim ?? ""}
    >
      <Modal className={css.drawer ?? ""}>
        <Dialog className={css.dialog ?? ""}>
          <Contents lane={overlay.lane} deployment={overlay.deployment ?? null} onClose={close} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Contents({
  lane,
  deployment,
  onClose,
}: {
  lane: Lane;
  deployment: number | null;
  onClose: () => void;
}) {
  // It is read when it is opened: an older reply would be shown as if it were live.
  const read = useRead("cluster_object", { ...lane, deployment }, { gcTime: 0, staleTime: 0 });
  const { data, error, isFetching } = read;
  return (
    <>
      <header className={css.head}>
        <div className="grow">
          <Heading slot="title" level={2} className="ell">
            {m.drawer_title(lane)}
          </Heading>
          <div className={`small muted ${css.sub}`}>
            {data && (
              <span className="mono">
                {data.kind} {data.namespace}/{data.name}
              </span>
            )}
            {data && <Freshness object={data} />}
          </div>
        </div>
        <Tag>
          <Icon of={Lock} size="xs" />
          {m.drawer_read_only()}
        </Tag>
        <Button icon={RefreshCw} isDisabled={isFetching} onPress={() => void read.refetch()}>
          {m.drawer_read_again()}
        </Button>
        <IconButton icon={X} iconSize="m" label={m.shared_close()} autoFocus onPress={onClose} />
      </header>
      {error && !isFetching && (
        <div className={css.pad}>
          <ErrorBand
            error={error.wire}
            actions={
              <Button size="small" onPress={() => void read.refetch()}>
                {m.shared_try_again()}
              </Button>
            }
          />
        </div>
      )}
      {!data && isFetching && (
        <div className={`row g8 muted ${css.pad}`} role="status">
          <Spinner />
          {m.drawer_reading()}
        </div>
      )}
      {data && <Shown object={data} />}
    </>
  );
}

function Freshness({ object }: { object: ClusterObject }) {
  const now = useNow("second");
  const { ready, replicas, readAt } = object;
  return (
    <span>
      {m.drawer_replicas({ ready, replicas })} · {m.drawer_read_at({ age: formatAge(readAt, now) })}
    </span>
  );
}

type TabId = "pods" | "logs" | "events" | "yaml";

function Shown({ object }: { object: ClusterObject }) {
  const [tab, setTab] = useState<TabId>("pods");
  const isRead = (part: string) => object.unread.every((one) => one.part !== part);
  return (
    <>
      <Unread parts={object.unread} />
      <Tabs
        label={m.drawer_tabs()}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            id: "pods",
            label: m.drawer_tab_pods(),
            ...(isRead("pods") && { count: object.pods.length }),
            content: isRead("pods") ? <Pods object={object} /> : <NotRead part="pods" />,
          },
          {
            id: "logs",
            label: m.drawer_tab_logs(),
            ...(isRead("pods") && { count: object.logs.length }),
            content: isRead("pods") ? <Logs logs={object.logs} /> : <NotRead part="pods" />,
          },
          {
            id: "events",
            label: m.drawer_tab_events(),
            ...(isRead("events") && { count: object.events.length }),
            content: isRead("events") ? (
              <Events events={object.events} />
            ) : (
              <NotRead part="events" />
            ),
          },
          { id: "yaml", label: "YAML", content: <Yaml yaml={object.yaml} /> },
        ]}
      />
    </>
  );
}

function partWord(part: string): string {
  switch (part) {
    case "pods":
      return m.drawer_part_pods();
    case "events":
      return m.drawer_part_events();
    default:
      return part;
  }
}

/** Stands where nothing is known: an empty list would say that there is none. */
function NotRead({ part }: { part: string }) {
  return (
    <div className={css.nothing}>
      <h3>{m.drawer_unread({ part: partWord(part) })}</h3>
    </div>
  );
}

/** What could not be read: rights that are missing together, whatever else went wrong by itself. */
function Unread({ parts }: { parts: readonly UnreadPart[] }) {
  const isRight = ({ error }: UnreadPart) => error.code === "forbidden";
  const refused = parts.filter(isRight).map(({ part }) => partWord(part));
  return (
    <>
      {refused.length > 0 && <NotAllowed parts={refused} />}
      {parts
        .filter((part) => !isRight(part))
        .map(({ part, error }) => (
          <div key={part} className={css.unread}>
            <div className="b5">{m.drawer_unread({ part: partWord(part) })}</div>
            <ErrorBand error={error} />
          </div>
        ))}
    </>
  );
}

function NotAllowed({ parts }: { parts: readonly string[] }) {
  return (
    <div className={css.notAllowed} role="status">
      <Icon of={Lock} size="s" className="c-unknown" />
      <div>
        <div className="b5">{m.drawer_not_allowed({ parts: parts.join(m.drawer_comma()) })}</div>
        <div className="small muted">{m.drawer_not_allowed_next()}</div>
      </div>
    </div>
  );
}
