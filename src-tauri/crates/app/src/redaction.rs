//! Takes secrets out of texts that leave the app: logs, copied details, reports, the support file.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// Each with the groups (what goes before)(the secret).
static SECRETS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // user:password@host in an address.
        r"(?P<before>[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:)(?P<secret>[^\s/@]+)@",
        // token@host in an address: longer than a name of somebody.
        r"(?P<before>[a-zA-Z][a-zA-Z0-9+.-]*://)(?P<secret>[^\s/:@]{20,})@",
        // Authorization headers.
        r"(?i)(?P<before>\b(?:bearer|basic)\s+)(?P<secret>[A-Za-z0-9+/=._~-]{6,})",
        // JSON Web Tokens.
        r"(?P<before>)(?P<secret>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)",
        // key: value and key=value of what is called a secret.
        // Quotes may themselves stand in a quoted text.
        r#"(?i)(?P<before>(?:[a-z0-9_.-]*(?:password|passwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|client-key-data|client-certificate-data|credential)s?)\\*["']?\s*[:=]\s*\\*["']?)(?P<secret>[^\s"',;&}\\]{3,})"#,
        // Keys of GitHub, GitLab, AWS and Slack.
        r"(?P<before>)(?P<secret>\b(?:gh[pousr]_[A-Za-z0-9]{16,}|glpat-[A-Za-z0-9_-]{16,}|AKIA[0-9A-Z]{16}|xox[abprs]-[A-Za-z0-9-]{10,}))",
        // PEM blocks.
        r"(?s)(?P<before>)(?P<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z))",
    ]
    .into_iter()
    .map(|pattern| Regex::new(pattern).expect("because the patterns are constants that a test compiles"))
    .collect()
});

/// The text without what looks like a password, token or key.
pub fn redact(text: &str) -> String {
    SECRETS.iter().fold(text.to_owned(), |text, pattern| {
        let replace = |captures: &Captures<'_>| {
            let tail = if captures[0].ends_with('@') { "@" } else { "" };
            format!("{}{REDACTED}{tail}", &captures["before"])
        };
        pattern.replace_all(&text, replace).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        let cases = [
            (
                "clone https://lena:hunter2@git.example/a.git failed",
                "hunter2",
                "git.example/a.git",
            ),
            (
                "Authorization: Bearer abcdef.123456-XYZ",
                "abcdef.123456-XYZ",
                "Authorization",
            ),
            (
                "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl end",
                "eyJzdWIiOiJhIn0",
                "end",
            ),
            (
                "{\"password\": \"s3cr3t!x\", \"user\": \"lena\"}",
                "s3cr3t!x",
                "lena",
            ),
            (
                r#"body="{\"password\":\"s3cr3t!x\",\"user\":\"lena\"}""#,
                "s3cr3t!x",
                "lena",
            ),
            (
                "https://9f86d081884c7d659a2feaa0c55ad015@git.example/a.git",
                "9f86d081",
                "git.example/a.git",
            ),
            ("DB_PASSWORD=topsecret host=db", "topsecret", "host=db"),
            (
                "client-key-data: LS0tLS1CRUdJTi",
                "LS0tLS1CRUdJTi",
                "client-key-data",
            ),
            (
                "remote: ghp_0123456789abcdefABCDEF denied",
                "ghp_0123456789abcdefABCDEF",
                "denied",
            ),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter",
                "MIIE",
                "after",
            ),
        ];
        for (text, secret, kept) in cases {
            let redacted = redact(text);
            assert!(!redacted.contains(secret), "{secret} is still in {redacted}");
            assert!(redacted.contains(kept), "{kept} is gone from {redacted}");
        }
        let plain = "checkout in prod-eu goes from 2.4.1 back to 2.3.7";
        assert_eq!(redact(plain), plain);
    }
}
