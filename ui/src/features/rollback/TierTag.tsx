import { ShieldCheck } from "lucide-react";
import type { Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Tag } from "@/shared/display/Tag";

function tierWord(tier: Plan["tier"]): string {
  switch (tier) {
    case "production":
      return m.rollback_tier_production();
    case "staging":
      return m.rollback_tier_staging();
    case "development":
      return m.rollback_tier_development();
  }
}

/** "Production, guarded", beside the title. */
export function TierTag({ tier, guard }: { tier: Plan["tier"]; guard: boolean }) {
  const word = tierWord(tier);
  return (
    <Tag meaning={tier === "production" || guard ? "warn" : "neutral"}>
      {guard && <Icon of={ShieldCheck} size="xs" />}
      {guard ? m.rollback_tier_guarded({ tier: word }) : word}
    </Tag>
  );
}
