import { useState } from "react";
import { asWireError, call, type WireError } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import css from "./Compare.module.css";
import { unavailableWords } from "./words";

/** Why the repository says nothing here, and the one thing to do about it. */
export function Unavailable({ reason, service }: { reason: string; service: string }) {
  const { why, next } = unavailableWords(reason);
  return (
    <div className={css.unavailable}>
      <p className="row g8 t2">
        <StatusGlyph kind="unknown" />
        <span>{why}</span>
      </p>
      {next === "fetch" ? <Fetch service={service} /> : <Way next={next} />}
    </div>
  );
}

function Way({ next }: { next: "bind" | "pattern" | "choose" | "workspace" }) {
  const { go } = useNavigation();
  if (next === "choose") {
    return <p className="small muted">{m.compare_do_choose()}</p>;
  }
  const words = {
    bind: m.compare_do_bind,
    pattern: m.compare_do_pattern,
    workspace: m.compare_do_details,
  };
  return <Button onPress={() => go({ name: "workspace" })}>{words[next]()}</Button>;
}

function Fetch({ service }: { service: string }) {
  const [state, setState] = useState<"idle" | "started" | WireError>("idle");
  const fetch = () => {
    call("repository_fetch", { service })
      .then(() => setState("started"))
      .catch((thrown) => setState(asWireError(thrown)));
  };
  if (state === "started") {
    return (
      <p className="small muted" role="status">
        {m.compare_do_fetch_started()}
      </p>
    );
  }
  return (
    <>
      {state !== "idle" && <ErrorBand error={state} />}
      <Button onPress={fetch}>{m.compare_do_fetch()}</Button>
    </>
  );
}
