import { m } from "@/paraglide/messages";
import type { ErrorWords, Facts } from "./words";

/** What is wrong with a kubeconfig file. */
export function kubeconfigWords(fact: Facts): ErrorWords {
  const path = fact("path");
  const line = fact("line");
  switch (fact("problem")) {
    case "kubeconfig-not-a-file":
      return {
        title: m.error_kubeconfig_not_a_file({ path }),
        next: m.error_kubeconfig_not_a_file_next(),
      };
    case "kubeconfig-too-large":
      return {
        title: m.error_kubeconfig_too_large({ path, limit: fact("limit") }),
        next: m.error_kubeconfig_too_large_next(),
      };
    case "kubeconfig-not-text":
      return {
        title: m.error_kubeconfig_not_text({ path, line }),
        next: m.error_kubeconfig_wrong_next(),
      };
    case "kubeconfig-malformed":
      return {
        title:
          line === "0"
            ? m.error_kubeconfig_malformed({ path })
            : m.error_kubeconfig_malformed_at({ path, line, column: fact("column") }),
        next: m.error_kubeconfig_wrong_next(),
      };
    case "kubeconfig-not-mergeable":
      return {
        title: m.error_kubeconfig_not_mergeable({ path }),
        next: m.error_kubeconfig_not_mergeable_next(),
      };
    default:
      return {
        title: m.error_kubeconfig_unreadable({ path }),
        next: m.error_kubeconfig_unreadable_next(),
      };
  }
}

/** What is wrong with a context of a kubeconfig. */
export function contextWords(fact: Facts): ErrorWords {
  const context = fact("context");
  if (fact("problem") === "kubeconfig-auth-provider") {
    return {
      title: m.error_context_auth_provider({ context, provider: fact("provider") }),
      next: m.error_context_auth_provider_next(),
    };
  }
  return {
    title: m.error_context_unusable({ context }),
    next: m.error_context_unusable_next(),
  };
}

/** What a sign-in program did instead of giving credentials. */
export function signInWords(fact: Facts): ErrorWords {
  const command = fact("command");
  switch (fact("problem")) {
    case "exec-plugin-not-started":
      return {
        title: m.error_exec_not_started({ command }),
        next: m.error_exec_not_started_next(),
      };
    case "exec-plugin-timed-out":
      return {
        title: m.error_exec_timed_out({ command, seconds: fact("seconds") }),
        next: m.error_exec_timed_out_next(),
      };
    case "exec-plugin-too-much-output":
      return {
        title: m.error_exec_too_much_output({ command, limit: fact("limit") }),
        next: m.error_exec_no_credentials_next(),
      };
    case "exec-plugin-no-credentials":
      return {
        title: m.error_exec_no_credentials({ command }),
        next: m.error_exec_no_credentials_next(),
      };
    default:
      return {
        title: m.error_exec_failed({ command, status: fact("status") }),
        next: m.error_exec_failed_next(),
      };
  }
}
