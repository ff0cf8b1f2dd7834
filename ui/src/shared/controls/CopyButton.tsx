import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { m } from "@/paraglide/messages";
import { copyText } from "@/shared/clipboard";
import { Button, type ButtonProps } from "./Button";

/** Copies a text and says that it did. */
export function CopyButton({
  text,
  label,
  variant = "ghost",
  size = "small",
}: {
  text: () => string;
  label: string;
  variant?: NonNullable<ButtonProps["variant"]>;
  size?: NonNullable<ButtonProps["size"]>;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button variant={variant} size={size} icon={copied ? Check : Copy} onPress={() => void copy()}>
      <span role="status">{copied ? m.shared_copied() : label}</span>
    </Button>
  );
}
