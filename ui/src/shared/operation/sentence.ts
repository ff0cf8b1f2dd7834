import type { Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { planCourse } from "./course";
import { goesForward } from "./direction";

/** One part of the sentence; the parts that matter most stand out. */
export type SentencePart = { text: string; strong: boolean };

/** The plan as one sentence that anyone understands: what happens, and what does not come back. */
export function sentenceOf(plan: Plan): SentencePart[] {
  const names = { service: plan.service, environment: plan.environment };
  const versions = { from: plan.from.version, to: plan.to.version };
  const lead = leadOf(plan);
  const clauses: (SentencePart | null)[] = [
    { text: changes(plan.sentence), strong: false },
    { text: m.rollback_sentence_replicas(), strong: false },
    strong(staying(plan)),
    plain(removing(plan)),
  ];
  const said = clauses.filter((clause) => clause !== null);
  const joined = said.flatMap((clause, at) => {
    const end = at === said.length - 1 ? m.rollback_sentence_end() : m.rollback_sentence_join();
    return [{ ...clause, text: clause.text + end }];
  });
  return [{ text: `${lead({ ...names, ...versions })} `, strong: true }, ...joined];
}

function leadOf(plan: Plan) {
  switch (planCourse(plan)) {
    case "back":
      return m.rollback_sentence_lead;
    case "restore":
      return m.rollback_sentence_lead_undo;
    case "configuration":
      return plan.choice === "undo"
        ? m.rollback_sentence_lead_configuration_undo
        : m.rollback_sentence_lead_configuration;
  }
}

/** The sentence as plain text, for reports and for names. */
export function sentenceText(plan: Plan): string {
  return sentenceOf(plan)
    .map((part) => part.text)
    .join("");
}

/** "1 image, 3 settings", for the head of the diff. */
export function changeCounts({ images, settings }: Plan["sentence"]): string {
  const said = {
    images: m.rollback_count_images({ count: images }),
    settings: m.rollback_count_settings({ count: settings }),
  };
  if (images > 0 && settings > 0) return m.rollback_exact_both(said);
  if (images > 0) return said.images;
  if (settings > 0) return said.settings;
  return m.rollback_sentence_other();
}

function plain(text: string | null): SentencePart | null {
  return text === null ? null : { text, strong: false };
}

function strong(text: string | null): SentencePart | null {
  return text === null ? null : { text, strong: true };
}

function changes({ images, settings }: Plan["sentence"]): string {
  if (images > 0 && settings > 0) {
    return m.rollback_sentence_both({
      images: m.rollback_count_images({ count: images }),
      settings: m.rollback_count_settings({ count: settings }),
    });
  }
  if (images > 0) return m.rollback_sentence_images({ count: images });
  if (settings > 0) return m.rollback_sentence_settings({ count: settings });
  return m.rollback_sentence_other();
}

/** What goes away: the fixes, else the features; `null` where nothing does, or nothing was asked of the way forward. */
function removing(plan: Plan): string | null {
  const { fixes, features, atLeast } = plan.sentence;
  if (fixes === null) return goesForward(plan) ? null : m.rollback_sentence_fixes_unknown();
  if (fixes > 0) {
    return atLeast
      ? m.rollback_sentence_fixes_least({ count: fixes })
      : m.rollback_sentence_fixes({ count: fixes });
  }
  if (features === null || features === 0) return null;
  return atLeast
    ? m.rollback_sentence_features_least({ count: features })
    : m.rollback_sentence_features({ count: features });
}

/** What does not go back, `null` where everything that is known does. */
function staying(plan: Plan): string | null {
  const { migrations, configuration: count } = plan.sentence;
  const configuration = count > 0 ? configurations(plan) : null;
  if (migrations !== null && migrations > 0 && goesForward(plan)) {
    const applied = m.rollback_sentence_database_forward({ to: plan.to.version });
    const stays = configuration && m.rollback_sentence_configuration({ count, configuration });
    return stays ? stays + m.rollback_sentence_join() + applied : applied;
  }
  if (migrations !== null && migrations > 0) {
    return configuration
      ? m.rollback_sentence_database_and({ configuration })
      : m.rollback_sentence_database();
  }
  const unknown = migrations === null ? m.rollback_sentence_database_unknown() : null;
  const stays = configuration ? m.rollback_sentence_configuration({ count, configuration }) : null;
  const said = [stays, unknown].filter((part) => part !== null);
  return said.length > 0 ? said.join(m.rollback_sentence_join()) : null;
}

function configurations(plan: Plan): string {
  const count = plan.sentence.configuration;
  const subjects = plan.stays
    .filter((one) => one.kind === "configuration")
    .map((one) => one.subject);
  if (subjects.length > 0 && subjects.every((subject) => subject.startsWith("Secret "))) {
    return m.rollback_count_secrets({ count });
  }
  if (subjects.some((subject) => subject.startsWith("Secret "))) {
    return m.rollback_count_configurations({ count });
  }
  return m.rollback_count_configmaps({ count });
}
