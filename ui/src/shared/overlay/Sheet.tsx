import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { m } from "@/paraglide/messages";
import { IconButton } from "@/shared/controls/Button";
import css from "./Sheet.module.css";

/**
 * A sheet over the window: head 52, a body that scrolls, a fixed foot; in a low window it scrolls whole. It keeps the focus while it
 * is open and gives it back where it was; `autoFocus` on a control inside says where it begins.
 */
export function Sheet({
  isOpen,
  onClose,
  title,
  icon,
  tag,
  width = 1064,
  height,
  foot,
  dismissable = true,
  align = "center",
  children,
}: {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Left of the title. */
  icon?: ReactNode;
  /** Right of the title: "Production, guarded". */
  tag?: ReactNode;
  width?: number;
  /** At most the window's height less 32; as high as its contents without it. */
  height?: number;
  /** Where it acts at the left, buttons at the right. */
  foot?: ReactNode;
  /** Whether a click beside it closes it. Esc always does. */
  dismissable?: boolean;
  align?: "center" | "top";
  children: ReactNode;
}) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={dismissable}
      className={`${css.scrim} ${css[align]}`}
    >
      <Modal className={css.modal ?? ""} style={{ width, ...(height && { height }) }}>
        <Dialog className={css.sheet ?? ""}>
          <header className={css.head}>
            {icon}
            <Heading slot="title" level={2} className={css.title ?? ""}>
              {title}
            </Heading>
            {tag}
            <span className="grow" />
            <IconButton icon={X} iconSize="m" label={m.shared_close()} onPress={onClose} />
          </header>
          <div className={css.body}>{children}</div>
          {foot && <footer className={css.foot}>{foot}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Where a sheet acts, in its foot: environment, cluster, namespace, account. */
export function Where({ facts }: { facts: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className={css.where}>
      {facts.map((fact) => (
        <div key={fact.label}>
          <dt className="label">{fact.label}</dt>
          <dd className="b6 nowrap">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
