import { Check, Copy, Eye } from "lucide-react";
import { useState } from "react";
import type { DeploymentDetails } from "@/ipc";
import { m } from "@/paraglide/messages";
import { copyText } from "@/shared/clipboard";
import { IconButton, LinkButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Tag } from "@/shared/display/Tag";
import { ownerEvidence } from "@/shared/operation/owner";
import { MovedTagNote } from "@/shared/tags/MovedTag";
import { useNow } from "@/shared/time/clock";
import { formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { Fact } from "./Facts";
import css from "./Inspector.module.css";
import { evidenceWord, versionWords } from "./words";

/** What says so: the object, the image, the owner, and on demand every piece of it. */
export function Evidence({ details }: { details: DeploymentDetails }) {
  const [all, setAll] = useState(false);
  const { workload, image, digest, evidence } = details;
  const count = details.evidenceItems.length + details.versionEvidence.length;
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h3 className="grow">{m.inspector_evidence()}</h3>
        <Tag meaning={evidence === "inferred" ? "unknown" : "neutral"}>
          {evidence === "observed" && <Icon of={Eye} size="xs" />}
          {evidenceWord(evidence)}
        </Tag>
      </div>
      <dl className={css.facts}>
        {workload && (
          <Fact name={workload.keptIn?.kind ?? workload.kind}>
            <span className="mono small">{workload.keptIn?.name ?? workload.name}</span>{" "}
            {workload.revision !== null && (
              <span className="small muted nowrap">
                {m.inspector_revision({ revision: workload.revision })}
              </span>
            )}
          </Fact>
        )}
        {image && (
          <Fact name={m.inspector_image()}>
            <span className="mono small">{image}</span>
          </Fact>
        )}
        {digest && (
          <Fact name={m.inspector_digest()}>
            <Digest digest={digest} />
          </Fact>
        )}
        {workload?.owner && (
          <Fact name={m.inspector_owner()}>
            {workload.owner.name}
            <div className="small muted">{ownerEvidence(workload.owner)}</div>
          </Fact>
        )}
      </dl>
      <MovedTagNote service={details.service} version={details.version} />
      {!details.released && <p className="small muted">{m.inspector_not_released()}</p>}
      {details.eventsGap && <p className="small muted">{eventsGap(details)}</p>}
      {count > 0 && (
        <div className={css.allEvidence}>
          <LinkButton aria-expanded={all} onPress={() => setAll(!all)}>
            {all ? m.inspector_less_evidence() : m.inspector_all_evidence()}
          </LinkButton>
          {all && <AllEvidence details={details} />}
        </div>
      )}
    </section>
  );
}

/** Why the Events of the hour before the start are not among the evidence. */
function eventsGap({ eventsGap: gap, workload }: DeploymentDetails): string {
  const namespace = workload?.namespace ?? "";
  return gap === "forbidden"
    ? m.inspector_events_forbidden({ namespace })
    : m.inspector_events_unread({ namespace });
}

/** Shortened in the middle for the eye; the whole of it is its name and what is copied. */
function Digest({ digest }: { digest: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(digest);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span className={css.digest}>
      <span className="mono small" title={digest}>
        {digest.replace(/^(sha256:[0-9a-f]{6})[0-9a-f]+([0-9a-f]{4})$/, "$1…$2")}
      </span>
      <IconButton
        icon={copied ? Check : Copy}
        size={24}
        iconSize="xs"
        label={copied ? m.shared_copied() : m.inspector_copy_digest()}
        onPress={() => void copy()}
      />
    </span>
  );
}

function AllEvidence({ details }: { details: DeploymentDetails }) {
  const zone = useZone();
  const now = useNow();
  return (
    <>
      <ul className={css.items}>
        {details.evidenceItems.map((item) => (
          <li key={`${item.kind}/${item.source}/${item.seenAt}`} className="small selectable">
            <span className="b5">{evidenceWord(item.kind)}</span>{" "}
            <span className="t2">{item.source}</span>{" "}
            <span className="muted nowrap">
              {m.inspector_seen({ moment: formatMoment(item.seenAt, zone, now) })}
            </span>
          </li>
        ))}
      </ul>
      {details.versionEvidence.length > 0 && (
        <>
          <h3 className={css.subhead}>{m.inspector_version_evidence()}</h3>
          <ul className={css.items}>
            {details.versionEvidence.map(versionWords).map((text) => (
              <li key={text} className="small mono selectable">
                {text}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
