import { Component, type ReactNode } from "react";
import { asWireError } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import css from "./App.module.css";

type Props = { children: ReactNode };
type State = { thrown: unknown } | null;

/** A screen that breaks says so and can be shown again; the rest of the window goes on. */
export class ErrorBoundary extends Component<Props, { failure: State }> {
  override state: { failure: State } = { failure: null };

  static getDerivedStateFromError(thrown: unknown): { failure: State } {
    return { failure: { thrown } };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return (
      <div className={css.failed}>
        <h2>{m.shell_crash_title()}</h2>
        <p className="t2">{m.shell_crash_text()}</p>
        <ErrorBand
          error={asWireError(failure.thrown)}
          actions={
            <Button size="small" onPress={() => this.setState({ failure: null })}>
              {m.shell_crash_reload()}
            </Button>
          }
        />
      </div>
    );
  }
}
