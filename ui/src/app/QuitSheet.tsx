import { LogOut } from "lucide-react";
import { call } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Spinner } from "@/shared/display/Progress";
import { useNavigation } from "@/shared/navigation/navigation";
import { isRunning, stateWord } from "@/shared/operation/outcomes";
import { Sheet } from "@/shared/overlay/Sheet";
import css from "./QuitSheet.module.css";

/** Quitting while an operation runs: what goes on in the cluster without us. Cancel goes back to what was open. */
export function QuitSheet() {
  const { overlay, open, close } = useNavigation();
  const { data } = useRead("operation_list", null);
  const running = data?.operations.filter(isRunning) ?? [];
  const under = overlay?.name === "quit" ? overlay.under : undefined;
  const cancel = () => (under ? open(under) : close());
  return (
    <Sheet
      isOpen
      onClose={cancel}
      width={520}
      icon={<Icon of={LogOut} className="muted" />}
      title={m.quit_title()}
      foot={
        <div className={css.foot}>
          <Button size="big" autoFocus onPress={cancel}>
            {m.shared_cancel()}
          </Button>
          <Button variant="primary" size="big" onPress={() => void call("quit", { on: true })}>
            {m.quit_go()}
          </Button>
        </div>
      }
    >
      <div className={css.body}>
        <ul className={css.running}>
          {running.map((operation) => (
            <li key={operation.id}>
              <Spinner />
              <span>
                <b className="b6">{m.quit_goes_on({ service: operation.service })}</b>
                <span className="small muted">
                  {m.quit_where({
                    environment: operation.environment,
                    state: stateWord(operation),
                  })}
                </span>
              </span>
            </li>
          ))}
        </ul>
        <p className="t2">{m.quit_text()}</p>
        <p className="t2">{m.quit_instead()}</p>
      </div>
    </Sheet>
  );
}
