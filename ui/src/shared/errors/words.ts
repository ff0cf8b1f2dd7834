import type { ErrorCode, WireError } from "@/ipc";
import { m } from "@/paraglide/messages";
import { problemWords } from "@/shared/workspace/problems";
import { contextWords, kubeconfigWords, signInWords } from "./clusterWords";

/** What happened to what, and what to do next, in the language of the window. */
export type ErrorWords = { title: string; next: string };

/** Gives one fact of an error by name; "?" where the backend did not say it. */
export type Facts = (name: string) => string;

/** What is wrong in the workspace file, and what would be right there. */
function wrongWords(fact: Facts): string {
  const problem = problemWords({ code: fact("problem"), subject: fact("subject") });
  const expected = fact("expected");
  return expected === "" || expected === "?"
    ? problem
    : m.error_workspace_invalid_right({ problem, expected });
}

/** One entry for each code: a code without words does not compile. */
const WORDS: Record<ErrorCode, (fact: Facts) => ErrorWords> = {
  "invalid-request": () => ({
    title: m.error_invalid_request(),
    next: m.error_invalid_request_next(),
  }),
  internal: () => ({
    title: m.error_internal(),
    next: m.error_internal_next(),
  }),
  cancelled: () => ({
    title: m.error_cancelled(),
    next: m.error_cancelled_next(),
  }),
  "workspace-not-open": () => ({
    title: m.error_workspace_not_open(),
    next: m.error_workspace_not_open_next(),
  }),
  "no-such-service": (fact) => ({
    title: m.error_no_such_service({ service: fact("service") }),
    next: m.error_no_such_service_next(),
  }),
  "no-such-environment": (fact) => ({
    title: m.error_no_such_environment({ environment: fact("environment") }),
    next: m.error_no_such_environment_next(),
  }),
  "no-such-deployment": () => ({
    title: m.error_no_such_deployment(),
    next: m.error_no_such_deployment_next(),
  }),
  "no-such-version": (fact) => ({
    title: m.error_no_such_version({ service: fact("service"), version: fact("version") }),
    next: m.error_no_such_version_next(),
  }),
  "file-failed": (fact) => ({
    title: m.error_file_failed({ path: fact("path") }),
    next: m.error_file_failed_next(),
  }),
  "not-opened": (fact) => ({
    title: m.error_not_opened({ what: fact("what") }),
    next: m.error_not_opened_next(),
  }),
  "workspace-unreadable": (fact) => ({
    title: m.error_workspace_unreadable({ path: fact("path") }),
    next: m.error_workspace_unreadable_next(),
  }),
  "workspace-invalid": (fact) => ({
    title: m.error_workspace_invalid({
      column: fact("column"),
      line: fact("line"),
      path: fact("path"),
    }),
    next: m.error_workspace_invalid_next({ problem: wrongWords(fact) }),
  }),
  "workspace-format": (fact) => ({
    title: m.error_workspace_format({ format: fact("format") }),
    next: m.error_workspace_format_next(),
  }),
  "repository-not-bound": (fact) => ({
    title: m.error_repository_not_bound({ repository: fact("repository") }),
    next: m.error_repository_not_bound_next({ service: fact("service") }),
  }),
  "cluster-not-bound": (fact) => ({
    title: m.error_cluster_not_bound({ cluster: fact("cluster") }),
    next: m.error_cluster_not_bound_next(),
  }),
  "repository-not-found": (fact) => ({
    title: m.error_repository_not_found({ path: fact("path") }),
    next: m.error_repository_not_found_next(),
  }),
  "repository-unreadable": (fact) => ({
    title: m.error_repository_unreadable({ path: fact("path") }),
    next: m.error_repository_unreadable_next(),
  }),
  "not-available-here": (fact) => ({
    title: m.error_not_available_here({ object: fact("object"), path: fact("path") }),
    next: m.error_not_available_here_next(),
  }),
  "repository-unsupported": (fact) => ({
    title: m.error_repository_unsupported({ feature: fact("feature"), path: fact("path") }),
    next: m.error_repository_unsupported_next(),
  }),
  "repository-foreign-owner": (fact) => ({
    title: m.error_repository_foreign_owner({ path: fact("path") }),
    next: m.error_repository_foreign_owner_next(),
  }),
  "repository-vanished": (fact) => ({
    title: m.error_repository_vanished({ path: fact("path") }),
    next: m.error_repository_vanished_next(),
  }),
  "git-missing": () => ({
    title: m.error_git_missing(),
    next: m.error_git_missing_next(),
  }),
  "git-failed": (fact) => ({
    title: m.error_git_failed({ url: fact("url") }),
    next: m.error_git_failed_next(),
  }),
  "git-timeout": (fact) => ({
    title: m.error_git_timeout({ url: fact("url") }),
    next: m.error_git_timeout_next(),
  }),
  "git-not-signed-in": (fact) => ({
    title: m.error_git_not_signed_in({ url: fact("url") }),
    next: m.error_git_not_signed_in_next(),
  }),
  "git-host-key": (fact) => ({
    title: m.error_git_host_key({ url: fact("url") }),
    next: m.error_git_host_key_next(),
  }),
  "tags-moved-there": (fact) => ({
    title: m.error_tags_moved_there({ tags: fact("tags") }),
    next: m.error_tags_moved_there_next(),
  }),
  "address-refused": (fact) => ({
    title: m.error_address_refused({ url: fact("url") }),
    next: m.error_address_refused_next(),
  }),
  "cluster-unreachable": (fact) => ({
    title: m.error_cluster_unreachable({ cluster: fact("cluster") }),
    next: m.error_cluster_unreachable_next(),
  }),
  "cluster-timeout": (fact) => ({
    title: m.error_cluster_timeout({ cluster: fact("cluster") }),
    next: m.error_cluster_timeout_next(),
  }),
  "certificate-refused": () => ({
    title: m.error_certificate_refused(),
    next: m.error_certificate_refused_next(),
  }),
  unauthorized: (fact) => ({
    title: m.error_unauthorized({ cluster: fact("cluster") }),
    next: m.error_unauthorized_next(),
  }),
  forbidden: (fact) => ({
    title:
      fact("verb") === "?"
        ? m.error_forbidden_plain({ cluster: fact("cluster") })
        : m.error_forbidden({
            cluster: fact("cluster"),
            resource: fact("resource"),
            verb: fact("verb"),
          }),
    next: m.error_forbidden_next(),
  }),
  "object-not-found": (fact) => ({
    title: m.error_object_not_found({ cluster: fact("cluster"), object: fact("object") }),
    next: m.error_object_not_found_next(),
  }),
  conflict: (fact) => ({
    title: m.error_conflict({ object: fact("object") }),
    next: m.error_conflict_next(),
  }),
  rejected: (fact) => ({
    title: m.error_rejected({ object: fact("object") }),
    next: m.error_rejected_next(),
  }),
  "too-many-requests": (fact) => ({
    title: m.error_too_many_requests({ cluster: fact("cluster") }),
    next: m.error_too_many_requests_next(),
  }),
  "cluster-failed": (fact) => ({
    title: m.error_cluster_failed({ cluster: fact("cluster") }),
    next: m.error_cluster_failed_next(),
  }),
  "cluster-answer-unreadable": (fact) => ({
    title: m.error_cluster_answer_unreadable({ cluster: fact("cluster") }),
    next: m.error_cluster_answer_unreadable_next(),
  }),
  "kubeconfig-unreadable": kubeconfigWords,
  "context-not-found": (fact) => ({
    title: m.error_context_not_found({ context: fact("context") }),
    next: m.error_context_not_found_next(),
  }),
  "context-unusable": contextWords,
  "exec-consent-needed": (fact) => ({
    title: m.error_exec_consent_needed({ command: fact("command"), context: fact("context") }),
    next: m.error_exec_consent_needed_next(),
  }),
  "exec-missing": (fact) => ({
    title: m.error_exec_missing({ command: fact("command") }),
    next: m.error_exec_missing_next({ searched: fact("searched") }),
  }),
  "exec-failed": signInWords,
  "ledger-full": () => ({
    title: m.error_ledger_full(),
    next: m.error_ledger_full_next(),
  }),
  "ledger-busy": () => ({
    title: m.error_ledger_busy(),
    next: m.error_ledger_busy_next(),
  }),
  "ledger-read-only": () => ({
    title: m.error_ledger_read_only(),
    next: m.error_ledger_read_only_next(),
  }),
  "ledger-newer": () => ({
    title: m.error_ledger_newer(),
    next: m.error_ledger_newer_next(),
  }),
  "ledger-damaged": () => ({
    title: m.error_ledger_damaged(),
    next: m.error_ledger_damaged_next(),
  }),
  "ledger-not-migrated": (fact) => ({
    title: m.error_ledger_not_migrated(),
    next: m.error_ledger_not_migrated_next({ path: fact("path") }),
  }),
  "no-target": (fact) => ({
    title: m.error_no_target({ environment: fact("environment"), service: fact("service") }),
    next: m.error_no_target_next(),
  }),
  "several-workloads": (fact) => ({
    title: m.error_several_workloads({
      service: fact("service"),
      environment: fact("environment"),
      workloads: fact("workloads"),
    }),
    next: m.error_several_workloads_next(),
  }),
  "plan-gone": () => ({
    title: m.error_plan_gone(),
    next: m.error_plan_gone_next(),
  }),
  "plan-blocked": (fact) => ({
    title: m.error_plan_blocked({ finding: fact("finding") }),
    next: m.error_plan_blocked_next(),
  }),
  "plan-moved": () => ({
    title: m.error_plan_moved(),
    next: m.error_plan_moved_next(),
  }),
  "held-too-short": () => ({
    title: m.error_held_too_short(),
    next: m.error_held_too_short_next(),
  }),
  "not-acknowledged": () => ({
    title: m.error_not_acknowledged(),
    next: m.error_not_acknowledged_next(),
  }),
  "wrong-name": (fact) => ({
    title: m.error_wrong_name({ name: fact("name") }),
    next: m.error_wrong_name_next({ name: fact("name") }),
  }),
  "reason-needed": () => ({
    title: m.error_reason_needed(),
    next: m.error_reason_needed_next(),
  }),
  "not-confirmed": () => ({
    title: m.error_not_confirmed(),
    next: m.error_not_confirmed_next(),
  }),
  "operation-running": (fact) => ({
    title: m.error_operation_running({ number: fact("number") }),
    next: m.error_operation_running_next(),
  }),
  "no-such-operation": () => ({
    title: m.error_no_such_operation(),
    next: m.error_no_such_operation_next(),
  }),
  "too-late": () => ({
    title: m.error_too_late(),
    next: m.error_too_late_next(),
  }),
  "read-only": () => ({
    title: m.error_read_only(),
    next: m.error_read_only_next(),
  }),
};

export function errorWords(error: WireError): ErrorWords {
  return WORDS[error.code]((name) => error.parameters[name] ?? "?");
}

/** What "Copy details" puts on the clipboard: the words, the code, and the backend's chain. */
export function errorReport(error: WireError): string {
  const { title, next } = errorWords(error);
  const facts = Object.entries(error.parameters).map(([name, value]) => `${name}: ${value}`);
  return [title, next, "", `code: ${error.code}`, ...facts, "", error.details].join("\n");
}
