//! The column `version_evidence`: a JSON list of what speaks of a version. Rows of earlier Tidemarks have texts in it,
//! which stay as they are.

use domain::deployment::KeptEvidence;
use domain::template::VersionSource;
use serde_json::{Value, json};

/// The column's text.
pub(super) fn to_column(evidence: &[KeptEvidence]) -> String {
    let one = |evidence: &KeptEvidence| match evidence {
        KeptEvidence::For { source, value } => json!({"source": source.as_str(), "value": value}),
        KeptEvidence::Against { source, says } => json!({"source": source.as_str(), "says": says}),
        KeptEvidence::Words(text) => json!(text),
    };
    Value::from(evidence.iter().map(one).collect::<Vec<_>>()).to_string()
}

/// Reads the column; `None`: it is no such list.
pub(super) fn from_column(text: &str) -> Option<Vec<KeptEvidence>> {
    let list: Vec<Value> = serde_json::from_str(text).ok()?;
    list.iter().map(one).collect()
}

fn one(value: &Value) -> Option<KeptEvidence> {
    if let Some(text) = value.as_str() {
        return Some(KeptEvidence::Words(text.to_owned()));
    }
    let text = |name: &str| value.get(name)?.as_str();
    let source = VersionSource::parse(text("source")?)?;
    match (text("value"), text("says")) {
        (Some(value), None) => Some(KeptEvidence::For {
            source,
            value: value.to_owned(),
        }),
        (None, Some(says)) => Some(KeptEvidence::Against {
            source,
            says: says.to_owned(),
        }),
        (_, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_reads_back_and_texts_of_earlier_rows_stay_as_they_are() {
        let kept = vec![
            KeptEvidence::For {
                source: VersionSource::ImageTag,
                value: "shop/checkout:2.4.1".to_owned(),
            },
            KeptEvidence::Against {
                source: VersionSource::VersionLabel,
                says: "2.3.7".to_owned(),
            },
        ];
        assert_eq!(from_column(&to_column(&kept)), Some(kept));
        let earlier = r#"["image tag shop/checkout:2.4.1","but label app.kubernetes.io/version says 2.3.7"]"#;
        let words = from_column(earlier).unwrap();
        assert_eq!(
            words[0],
            KeptEvidence::Words("image tag shop/checkout:2.4.1".to_owned())
        );
        assert_eq!(to_column(&words), earlier);
        for damaged in [
            r#"{"source":"image-tag"}"#,
            r#"[{"source":"image-tag"}]"#,
            r#"[{"source":"?","value":"x"}]"#,
        ] {
            assert_eq!(from_column(damaged), None, "{damaged}");
        }
    }
}
